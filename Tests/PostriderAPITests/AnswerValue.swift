import FoundationEssentials

/// Any JSON value, so that a whole answer can be compared with what it should be, missing and needless fields included.
enum AnswerValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Int64)
    case string(String)
    case array([AnswerValue])
    case object([String: AnswerValue])

    init(parsing bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(AnswerValue.self, from: Data(bytes))
    }

    /// The value of a key; nil when this is no object or has no such key.
    subscript(key: String) -> AnswerValue? {
        guard case .object(let fields) = self else { return nil }
        return fields[key]
    }

    /// The text of a string; nil for anything else.
    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The elements of an array; nil for anything else.
    var elements: [AnswerValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }
}

extension AnswerValue: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .bool(flag)
        } else if let number = try? container.decode(Int64.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let elements = try? container.decode([AnswerValue].self) {
            self = .array(elements)
        } else {
            self = .object(try container.decode([String: AnswerValue].self))
        }
    }
}

extension AnswerValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    init(stringLiteral value: String) { self = .string(value) }

    init(integerLiteral value: Int64) { self = .number(value) }

    init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension AnswerValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    init(arrayLiteral elements: AnswerValue...) { self = .array(elements) }

    init(dictionaryLiteral elements: (String, AnswerValue)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
}
