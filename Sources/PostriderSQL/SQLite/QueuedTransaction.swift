/// A transaction that waits for its turn.
struct QueuedTransaction: Sendable {
    let id: Int
    /// Runs the body within a transaction.
    let perform: @Sendable (SQLiteSession) throws -> PerformedTransaction
    /// Answers when nothing was committed.
    let fail: @Sendable (any Error) -> Void
}

/// A transaction whose body has run.
struct PerformedTransaction {
    /// To be delivered when it is committed.
    let notifications: [SentNotification]
    /// Answers when it is committed.
    let answer: @Sendable () -> Void
}
