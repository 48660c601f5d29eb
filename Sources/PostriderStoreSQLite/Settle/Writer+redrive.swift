import PostriderCore

extension Writer {
    private static let removeDeadLetter = SQLText(
        "DELETE FROM dead_letter WHERE message = ? AND account = ? AND failed_at = ?"
    )

    /// Removes dead letters; see ``MessageStore/deleteDeadLetters(_:account:)``.
    func deleteDeadLetters(_ ids: [DeadLetterID], account: Account) throws -> Int {
        guard let account = try existingID(of: account) else { return 0 }
        return try ids.count { try remove($0, account: account) }
    }

    /// Replaces dead letters by messages; see ``MessageStore/redrive(_:account:)``.
    func redrive(_ redrives: [Redrive], account: Account) throws -> [Bool] {
        guard let account = try existingID(of: account) else { return redrives.map { _ in false } }
        return try redrives.map { redrive in
            guard try remove(redrive.deadLetter, account: account) else { return false }
            try insert(redrive.message, account: id(of: redrive.message.account))
            return true
        }
    }

    private func remove(_ id: DeadLetterID, account: Int64) throws -> Bool {
        let statement = try session.statement(Self.removeDeadLetter)
        try statement.bind(id.message.rawValue, at: 1)
        try statement.bind(account, at: 2)
        try statement.bind(id.failedAt.milliseconds, at: 3)
        try statement.run()
        return session.changedRowCount > 0
    }
}
