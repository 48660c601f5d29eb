/// Statements that would end a transaction behind the back of the one who runs it.
enum TransactionControl {
    /// - Throws: ``SQLError`` with code `invalid` for `BEGIN`, `COMMIT`, `END`, `ROLLBACK` and their like.
    static func forbid(in text: String, _ dialect: SQLDialect) throws {
        var text = text
        let forbidden = text.withUTF8 { bytes -> String? in
            var rest = bytes[...]
            let first = word(&rest, dialect)
            switch first {
            case "BEGIN", "START", "COMMIT", "END", "ABORT", "PREPARE": return first
            case "ROLLBACK":
                var second = word(&rest, dialect)
                if second == "WORK" || second == "TRANSACTION" { second = word(&rest, dialect) }
                return second == "TO" ? nil : first
            default: return nil
            }
        }
        guard let forbidden else { return }
        throw SQLError(
            .invalid,
            "\(forbidden) cannot be run within a transaction; use the closure's end or a savepoint"
        )
    }

    /// The next word in capitals, after blanks, semicolons and comments; empty when something else comes.
    private static func word(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>, _ dialect: SQLDialect) -> String {
        skipBlanks(&rest, dialect)
        let letters = rest.prefix { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 }
        // Longer than the longest that counts: most statements end here without a String being made.
        guard letters.count <= 11 else { return "" }
        rest = rest.dropFirst(letters.count)
        return String(decoding: letters.map { $0 & ~0x20 }, as: UTF8.self)
    }

    private static func skipBlanks(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>, _ dialect: SQLDialect) {
        while let byte = rest.first {
            if byte <= 0x20 || byte == UInt8(ascii: ";") {
                rest = rest.dropFirst()
            } else if rest.starts(with: "--".utf8) {
                rest = rest.drop { $0 != UInt8(ascii: "\n") && (dialect == .sqlite || $0 != UInt8(ascii: "\r")) }
            } else if rest.starts(with: "/*".utf8) {
                skipComment(&rest, dialect)
            } else if rest.starts(with: "\u{feff}".utf8), dialect == .sqlite {
                rest = rest.dropFirst(3)
            } else {
                return
            }
        }
    }

    /// PostgreSQL's comments hold others, SQLite's end with the first end.
    private static func skipComment(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>, _ dialect: SQLDialect) {
        var depth = 0
        while !rest.isEmpty {
            if rest.starts(with: "/*".utf8), depth == 0 || dialect == .postgres {
                depth += 1
                rest = rest.dropFirst(2)
            } else if rest.starts(with: "*/".utf8) {
                depth -= 1
                rest = rest.dropFirst(2)
                if depth == 0 { return }
            } else {
                rest = rest.dropFirst()
            }
        }
    }
}
