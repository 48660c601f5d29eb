#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension JSONValue: Codable {
    private struct Name: CodingKey {
        let stringValue: String
        let intValue: Int? = nil

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Reads any value.
    public init(from decoder: any Decoder) throws {
        if let members = try? decoder.container(keyedBy: Name.self) {
            var object: [String: JSONValue] = [:]
            for name in members.allKeys {
                object[name.stringValue] = try members.decode(JSONValue.self, forKey: name)
            }
            self = .object(object)
            return
        }
        if var elements = try? decoder.unkeyedContainer() {
            var array: [JSONValue] = []
            while !elements.isAtEnd { array.append(try elements.decode(JSONValue.self)) }
            self = .array(array)
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .boolean(flag)
        } else if let number = try? container.decode(Int64.self) {
            self = .integer(number)
        } else if let number = Self.number(in: container) {
            self = number
        } else {
            self = .string(try container.decode(String.self))
        }
    }

    /// A number with as many digits as the decoder gives.
    private static func number(in container: any SingleValueDecodingContainer) -> JSONValue? {
        guard let nearest = try? container.decode(Double.self) else { return nil }
        guard let decimal = try? container.decode(Decimal.self), let exact = Self.number(of: "\(decimal)"),
            Double("\(decimal)") == nearest
        else { return .number(nearest) }
        return exact
    }

    /// Writes the value.
    ///
    /// - Throws: `EncodingError` when a number has more digits than encoders take: 38 or so.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let members):
            var container = encoder.container(keyedBy: Name.self)
            for (name, value) in members { try container.encode(value, forKey: Name(stringValue: name)) }
        case .array(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(element) }
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .boolean(let flag):
            var container = encoder.singleValueContainer()
            try container.encode(flag)
        case .integer(let number):
            var container = encoder.singleValueContainer()
            try container.encode(number)
        case .number(let number):
            var container = encoder.singleValueContainer()
            try container.encode(number)
        case .decimal(let number):
            var container = encoder.singleValueContainer()
            if let whole = UInt64(number.text) {
                try container.encode(whole)
            } else if let decimal = number.decimal {
                try container.encode(decimal)
            } else {
                throw EncodingError.invalidValue(
                    number,
                    .init(codingPath: encoder.codingPath, debugDescription: "the number has too many digits")
                )
            }
        case .string(let text):
            var container = encoder.singleValueContainer()
            try container.encode(text)
        }
    }

    /// What an encodable value looks like as JSON; dates are ISO 8601 in UTC with milliseconds, data is base64.
    ///
    /// - Throws: `EncodingError` when it cannot be JSON.
    public init(encoding value: some Encodable) throws {
        let bytes = try Self.bytes(encoding: value)
        do {
            self = try Self.parsing(bytes, depthMax: .max)
        } catch {
            throw EncodingError.invalidValue(value, .init(codingPath: [], debugDescription: "no JSON came of it"))
        }
    }

    /// The JSON text of an encodable value; dates are ISO 8601 in UTC with milliseconds.
    static func bytes(encoding value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(ISODate.text(date))
        }
        return Array(try encoder.encode(value))
    }
}
