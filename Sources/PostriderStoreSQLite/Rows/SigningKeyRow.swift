import PostriderCore

/// An account's signing keys as they lie in a row.
enum SigningKeyRow {
    static let find = SQLText("SELECT current, next, seed_current, seed_next FROM signing_key WHERE account = ?")
    static let put = SQLText(
        """
        INSERT INTO signing_key (account, current, next, seed_current, seed_next) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (account) DO UPDATE SET current = excluded.current, next = excluded.next,
            seed_current = excluded.seed_current, seed_next = excluded.seed_next
        """
    )

    /// The keys of an account; nil before they were first written.
    static func read(_ account: Int64, _ session: Session) throws -> SigningKeyRecord? {
        let statement = try session.statement(find)
        try statement.bind(account, at: 1)
        guard try statement.step() else { return nil }
        defer { statement.reset() }
        var record = SigningKeyRecord(
            pair: SigningKeyRecord.Pair(current: statement.text(0), next: statement.text(1)),
            seed: nil
        )
        if let current = statement.optionalText(2), let next = statement.optionalText(3) {
            record.seed = SigningKeyRecord.Pair(current: current, next: next)
        }
        return record
    }

    /// Writes the keys of an account.
    static func write(_ record: SigningKeyRecord, account: Int64, _ session: Session) throws {
        let statement = try session.statement(put)
        try statement.bind(account, at: 1)
        try statement.bind(record.pair.current, at: 2)
        try statement.bind(record.pair.next, at: 3)
        try statement.bind(record.seed?.current, at: 4)
        try statement.bind(record.seed?.next, at: 5)
        try statement.run()
    }
}
