import PostriderCore

extension Writer {
    private static let findMark = SQLText("SELECT cancel_requested FROM pending WHERE key = ? AND account = ?")
    private static let mark = SQLText("UPDATE pending SET cancel_requested = 1 WHERE key = ?")
    private static let removePending = SQLText("DELETE FROM pending WHERE key = ?")
    private static let addCancellation = SQLText(
        "INSERT INTO cancellation (key, message, account, at, is_removed) VALUES (?, ?, ?, ?, ?)"
    )

    /// Cancels messages; see ``MessageStore/cancel(_:account:)``.
    func cancel(_ cancellations: [Cancellation], account: Account) throws -> [CancelResult] {
        guard let account = try existingID(of: account) else { return cancellations.map { _ in .notFound } }
        return try cancellations.map { try cancel($0, account: account) }
    }

    private func cancel(_ cancellation: Cancellation, account: Int64) throws -> CancelResult {
        let find = try session.statement(Self.findMark)
        try find.bind(cancellation.message.rawValue, at: 1)
        try find.bind(account, at: 2)
        guard try find.step() else { return .notFound }
        let isMarked = find.integer(0) != 0
        find.reset()
        if cancellation.isOpen, isMarked { return .requested }
        let change = try session.statement(cancellation.isOpen ? Self.mark : Self.removePending)
        try change.bind(cancellation.message.rawValue, at: 1)
        try change.run()
        let add = try session.statement(Self.addCancellation)
        try add.bind(cancellation.key.rawValue, at: 1)
        try add.bind(cancellation.message.rawValue, at: 2)
        try add.bind(account, at: 3)
        try add.bind(cancellation.at.milliseconds, at: 4)
        try add.bind(cancellation.isOpen ? 0 : 1, at: 5)
        try add.run()
        return cancellation.isOpen ? .requested : .removed
    }
}
