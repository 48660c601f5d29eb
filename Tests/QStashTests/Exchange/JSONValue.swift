import Foundation

/// Any JSON value, for comparison by structure: members of an object have no order.
enum JSONValue: Hashable, Sendable, Codable, CustomStringConvertible {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .bool(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let array = try? container.decode([JSONValue].self) {
            self = .array(array)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    init(parsing bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let flag): try container.encode(flag)
        // Whole numbers as such: a decoder of integers need not take 3.0.
        case .number(let number):
            if let whole = Int64(exactly: number) { try container.encode(whole) } else { try container.encode(number) }
        case .string(let text): try container.encode(text)
        case .array(let array): try container.encode(array)
        case .object(let object): try container.encode(object)
        }
    }

    var bytes: [UInt8] {
        get throws { Array(try JSONEncoder().encode(self)) }
    }

    var description: String { (try? String(decoding: bytes, as: UTF8.self)) ?? "?" }

    subscript(name: String) -> JSONValue? {
        if case .object(let object) = self { object[name] } else { nil }
    }

    /// The value with the names of the members of `headers` in lower case, in every element: a batch compares them so.
    var withLowercasedItemHeaders: JSONValue {
        guard case .array(let items) = self else { return self }
        return .array(
            items.map { item in
                guard case .object(var members) = item, case .object(let headers)? = members["headers"] else {
                    return item
                }
                members["headers"] = .object(
                    Dictionary(headers.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
                )
                return .object(members)
            }
        )
    }
}
