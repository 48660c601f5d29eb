#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A JSON text: `jsonb` on PostgreSQL, text on SQLite.
///
/// PostgreSQL gives back the same value with spaces and the order of keys its own.
public struct SQLJSON: Sendable, Hashable, SQLValueConvertible {
    /// The JSON.
    public var text: String

    /// JSON as it stands; the database refuses what is none when it is `jsonb`.
    public init(text: String) {
        self.text = text
    }

    /// The JSON of a value, with its keys in order.
    public init(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.text = String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// The value the JSON stands for.
    ///
    /// - Throws: `DecodingError`.
    public func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    /// A text.
    public var sqlValue: SQLValue { .text(text) }

    /// A text.
    public init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue else { return nil }
        self.text = text
    }
}
