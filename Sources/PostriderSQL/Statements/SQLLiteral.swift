/// Constants within statements that cannot have parameters: defaults, and what is printed.
enum SQLLiteral {
    /// A text in quotes.
    static func text(_ text: String) -> String { quoted(text, in: "'") }

    /// A text between two marks, those within doubled.
    static func quoted(_ text: String, in mark: Unicode.Scalar) -> String {
        var quoted = String.UnicodeScalarView([mark])
        // By scalars: a mark with a combining mark is another Character, and ends the text all the same.
        for scalar in text.unicodeScalars {
            quoted.append(scalar)
            if scalar == mark { quoted.append(mark) }
        }
        quoted.append(mark)
        return String(quoted)
    }

    /// A value as the database writes it.
    static func value(_ value: SQLValue, _ dialect: SQLDialect) -> String {
        switch value {
        case .null: return "NULL"
        case .boolean(let value):
            guard dialect == .postgres else { return value ? "1" : "0" }
            return value ? "TRUE" : "FALSE"
        case .integer(let value): return String(value)
        case .real(let value): return String(value)
        case .text(let value): return text(value)
        case .bytes(let bytes):
            let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            return dialect == .sqlite ? "x'\(digits)'" : "'\\x\(digits)'::bytea"
        }
    }
}
