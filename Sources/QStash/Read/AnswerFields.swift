import HTTPTypes
import QStashWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The fields of one object in an answer, by name, in the spellings that are in use.
///
/// What is missing, null or empty is nil. Every refusal is a `DecodingError` with the path of the field, so that the error of the
/// call can say where the answer is wrong.
struct AnswerFields {
    /// A field's name.
    struct Name: CodingKey, ExpressibleByStringLiteral {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringLiteral name: String) {
            stringValue = name
        }

        init(stringValue name: String) {
            stringValue = name
        }

        init?(intValue: Int) {
            return nil
        }
    }

    /// The end of the year 9999.
    private static let millisecondsMax: Int64 = 253_402_300_799_999

    let container: KeyedDecodingContainer<Name>

    init(from decoder: any Decoder) throws {
        container = try decoder.container(keyedBy: Name.self)
    }

    /// The text of the first of the names that has one.
    func text(_ names: Name...) throws -> String? {
        for name in names {
            if let text = try container.decodeIfPresent(String.self, forKey: name), !text.isEmpty { return text }
        }
        return nil
    }

    /// A text that must be there, and not be empty.
    func requiredText(_ name: Name) throws -> String {
        let text = try container.decode(String.self, forKey: name)
        guard !text.isEmpty else { throw invalid(name, "is empty") }
        return text
    }

    /// An identifier that must be there, and not be empty: another call would take that for "all".
    func requiredIdentifier<Identifier: WireIdentifier>(_ name: Name) throws -> Identifier {
        Identifier(rawValue: try requiredText(name))
    }

    /// An identifier.
    func identifier<Identifier: WireIdentifier>(_ name: Name) throws -> Identifier? {
        try text(name).map { Identifier(rawValue: $0) }
    }

    /// A whole number, written as one or as text of digits.
    func number(_ name: Name, in range: ClosedRange<Int64>) throws -> Int64? {
        guard let number = try container.decodeIfPresent(WireNumber.self, forKey: name)?.value else { return nil }
        guard range.contains(number) else { throw invalid(name, "is out of range") }
        return number
    }

    /// How many there are of something, `0...2147483647`.
    func count(_ name: Name) throws -> Int? {
        try number(name, in: 0...Int64(Int32.max)).map { Int($0) }
    }

    /// A count that must be there.
    func requiredCount(_ name: Name) throws -> Int {
        try required(try count(name), name)
    }

    /// The status of an answer; nil when there was none, which some servers write as 0.
    func status(_ name: Name) throws -> Int? {
        try number(name, in: 0...999).flatMap { $0 > 0 ? Int($0) : nil }
    }

    /// A time in Unix milliseconds.
    func time(_ name: Name) throws -> Date? {
        try number(name, in: 0...Self.millisecondsMax).map { Date(timeIntervalSince1970: Double($0) / 1_000) }
    }

    /// A time that must be there.
    func requiredTime(_ name: Name) throws -> Date {
        try required(try time(name), name)
    }

    /// A duration in whole seconds.
    func seconds(_ name: Name) throws -> Duration? {
        try number(name, in: 0...Self.millisecondsMax / 1_000).map { .seconds($0) }
    }

    /// A duration in whole milliseconds.
    func milliseconds(_ name: Name) throws -> Duration? {
        try number(name, in: 0...Self.millisecondsMax).map { .milliseconds($0) }
    }

    /// A truth value; false when it is missing.
    func flag(_ name: Name) throws -> Bool {
        try container.decodeIfPresent(Bool.self, forKey: name) ?? false
    }

    /// A method.
    func method(_ name: Name) throws -> HTTPRequest.Method? {
        guard let text = try text(name) else { return nil }
        guard let method = HTTPRequest.Method(rawValue: text) else { throw invalid(name, "is no method") }
        return method
    }

    /// A value that must be there.
    func required<Value>(_ value: Value?, _ name: Name) throws -> Value {
        guard let value else {
            throw DecodingError.keyNotFound(
                name,
                DecodingError.Context(codingPath: container.codingPath, debugDescription: "missing")
            )
        }
        return value
    }

    func invalid(_ name: Name, _ complaint: String) -> DecodingError {
        DecodingError.dataCorrupted(
            DecodingError.Context(codingPath: container.codingPath + [name], debugDescription: complaint)
        )
    }
}

/// A whole number, written as one or as text of digits, which old servers send.
private struct WireNumber: Decodable {
    /// The number; nil for an empty text.
    let value: Int64?

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let number: Int64?
        if let text = try? container.decode(String.self) {
            guard !text.isEmpty else {
                value = nil
                return
            }
            number = text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
        } else {
            // What the decoder itself throws for a fraction has no place.
            number = try? container.decode(Int64.self)
        }
        guard let number else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a whole number")
        }
        value = number
    }
}
