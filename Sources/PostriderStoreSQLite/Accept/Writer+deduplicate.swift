import PostriderCore

extension Writer {
    private static let findClaim = SQLText(
        "SELECT message, expires_at FROM deduplication WHERE account = ? AND id = ?"
    )
    private static let addClaim = SQLText(
        """
        INSERT INTO deduplication (account, id, message, expires_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (account, id) DO UPDATE SET message = excluded.message, expires_at = excluded.expires_at
        """
    )
    private static let findEndedClaims = SQLText(
        "SELECT account, id FROM deduplication WHERE expires_at <= ? ORDER BY expires_at LIMIT ?"
    )
    private static let dropClaim = SQLText("DELETE FROM deduplication WHERE account = ? AND id = ?")

    /// Takes a deduplication id for a message.
    ///
    /// - Returns: The message that holds it already; nil when it is now this one's.
    func take(_ claim: DeduplicationClaim, for message: Message, account: Int64) throws -> MessageKey? {
        let find = try session.statement(Self.findClaim)
        try find.bind(account, at: 1)
        try find.bind(claim.id, at: 2)
        if try find.step() {
            let holder = MessageKey(rawValue: find.integer(0))
            let end = Timestamp(milliseconds: find.integer(1))
            find.reset()
            if message.createdAt < end { return holder }
        }
        let add = try session.statement(Self.addClaim)
        try add.bind(account, at: 1)
        try add.bind(claim.id, at: 2)
        try add.bind(message.key.rawValue, at: 3)
        try add.bind(claim.expiresAt.milliseconds, at: 4)
        try add.run()
        return nil
    }

    /// Removes some claims whose window has ended, two for each new one: the table cannot outgrow the windows.
    func pruneClaims(of batch: [Acceptance]) throws {
        let claimed = batch.lazy.filter { $0.deduplication != nil }
        guard let now = claimed.map(\.message.createdAt).min() else { return }
        let find = try session.statement(Self.findEndedClaims)
        try find.bind(now.milliseconds, at: 1)
        try find.bind(Int64(claimed.count) * 2, at: 2)
        // Listed first: SQLite would look for the rows of a subquery by the account alone, through all its claims.
        var ended: [(account: Int64, id: String)] = []
        while try find.step() { ended.append((find.integer(0), find.text(1))) }
        let drop = try session.statement(Self.dropClaim)
        for claim in ended {
            try drop.bind(claim.account, at: 1)
            try drop.bind(claim.id, at: 2)
            try drop.run()
        }
    }
}
