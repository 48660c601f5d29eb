import HTTPTypes
import QStashWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The fields of a callback's body, read in either spelling (wire reference, section 9).
///
/// Every method throws ``QStashError`` with code `answer_invalid`, which names the field and never its content.
struct CallbackFields {
    /// The names as they travel.
    enum Name: String, CodingKey {
        case status, header, body, retried, maxRetries, sourceMessageId, topicName, endpointName, url, method
        case sourceHeader, sourceBody, notBefore, createdAt, scheduleId, dlqId, callerIP, callerIp
    }

    /// Far above any server's limit.
    static let retriesMax: Int64 = 1_000_000_000

    /// The end of the year 9999.
    private static let millisecondsMax: Int64 = 253_402_300_799_999

    /// The header type stops the program when it holds 65,535 fields, and looks them up one by one.
    private static let headerValuesMax = 4_096

    private let container: KeyedDecodingContainer<Name>

    init(_ container: KeyedDecodingContainer<Name>) {
        self.container = container
    }

    /// A whole number; nil when it is missing, null or empty.
    func number(_ name: Name, in range: ClosedRange<Int64>) throws(QStashError) -> Int64? {
        guard let number = try value(WireNumber.self, name)?.value else { return nil }
        guard range.contains(number) else { throw Self.invalid(name, "is out of range") }
        return number
    }

    /// A time in Unix milliseconds; nil when it is missing, null or empty.
    func time(_ name: Name) throws(QStashError) -> Date? {
        try number(name, in: 0...Self.millisecondsMax).map { Date(timeIntervalSince1970: Double($0) / 1_000) }
    }

    /// A text; nil when it is missing, null or empty.
    func text(_ name: Name) throws(QStashError) -> String? {
        guard let text = try value(String.self, name), !text.isEmpty else { return nil }
        return text
    }

    /// A text that must be there.
    func requiredText(_ name: Name) throws(QStashError) -> String {
        guard let text = try text(name) else { throw Self.invalid(name, "is missing") }
        return text
    }

    /// The bytes of a text in base64; none when it is missing, null or empty.
    func bytes(_ name: Name) throws(QStashError) -> [UInt8] {
        guard let text = try text(name) else { return [] }
        guard let bytes = Base64.decode(text) else { throw Self.invalid(name, "is not base64") }
        return bytes
    }

    /// A method; nil when it is missing, null or empty.
    func method(_ name: Name) throws(QStashError) -> HTTPRequest.Method? {
        guard let text = try text(name) else { return nil }
        guard let method = HTTPRequest.Method(rawValue: text) else { throw Self.invalid(name, "is not a method") }
        return method
    }

    /// Header fields in the order of their names; none when they are missing or null.
    func headers(_ name: Name) throws(QStashError) -> HTTPFields {
        guard let values = try value([String: WireHeaderValues].self, name) else { return HTTPFields() }
        guard values.values.reduce(0, { $0 + $1.values.count }) <= Self.headerValuesMax else {
            throw Self.invalid(name, "has more than \(Self.headerValuesMax) values")
        }
        var fields = HTTPFields()
        // An object has no order; the names' own makes equal callbacks equal.
        for (text, values) in values.sorted(by: { $0.key < $1.key }) {
            guard let fieldName = HTTPField.Name(text) else { continue }
            for value in values.values { fields.append(HTTPField(name: fieldName, value: value)) }
        }
        return fields
    }

    private func value<Value: Decodable>(_ type: Value.Type, _ name: Name) throws(QStashError) -> Value? {
        do {
            return try container.decodeIfPresent(type, forKey: name)
        } catch {
            // What the decoder says may repeat the content.
            throw Self.invalid(name, "has another type than it should")
        }
    }

    private static func invalid(_ name: Name, _ complaint: String) -> QStashError {
        QStashError(.answerInvalid, "the callback's field \(name.rawValue) \(complaint)")
    }
}

/// A whole number, written as one or as text of digits.
private struct WireNumber: Decodable {
    /// The number; nil for an empty text.
    let value: Int64?

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int64.self) {
            value = number
            return
        }
        let text = try container.decode(String.self)
        guard !text.isEmpty else {
            value = nil
            return
        }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a whole number")
        }
        value = number
    }
}

/// The values of a header field, written as an array or as one text.
private struct WireHeaderValues: Decodable {
    /// The values; none for null.
    let values: [String]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            values = []
        } else if let text = try? container.decode(String.self) {
            values = [text]
        } else {
            values = try container.decode([String].self)
        }
    }
}
