/// A value as it is bound or read.
///
/// Times, UUIDs and JSON are texts here: each database makes of them what the column asks for.
public enum SQLValue: Sendable, Hashable {
    /// No value.
    case null
    /// A truth value; on SQLite 0 or 1.
    case boolean(Bool)
    /// A whole number.
    case integer(Int64)
    /// A number of 64 bits.
    case real(Double)
    /// A text without NUL, which PostgreSQL cannot store.
    case text(String)
    /// Bytes.
    case bytes([UInt8])
}

extension SQLValue {
    /// What kind of value it is, for messages.
    var kind: String {
        switch self {
        case .null: "NULL"
        case .boolean: "a boolean"
        case .integer: "an integer"
        case .real: "a real number"
        case .text: "a text"
        case .bytes: "bytes"
        }
    }
}
