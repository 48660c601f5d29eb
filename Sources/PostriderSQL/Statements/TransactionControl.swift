/// Statements that would end a transaction behind the back of the one who runs it.
enum TransactionControl {
    /// - Throws: ``SQLError`` with code `invalid` for `BEGIN`, `COMMIT`, `END`, `ROLLBACK` and their like.
    static func forbid(in text: String) throws {
        let words = text.split(maxSplits: 2, whereSeparator: { $0.isWhitespace || $0 == ";" }).prefix(2)
        let first = words.first?.uppercased()
        switch first {
        case "BEGIN", "START", "COMMIT", "END", "ABORT", "PREPARE": break
        case "ROLLBACK":
            if words.count == 2, words.last?.uppercased() == "TO" { return }
        default: return
        }
        throw SQLError(
            .invalid,
            "\(first ?? "this") cannot be run within a transaction; use the closure's end or a savepoint"
        )
    }
}
