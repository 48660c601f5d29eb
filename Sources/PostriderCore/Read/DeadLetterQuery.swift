/// Which dead letters to read.
package struct DeadLetterQuery: Sendable {
    package var account: Account
    /// These entries only; nil means all.
    package var ids: [DeadLetterID]?
    /// The entry of this message only; nil means all.
    package var message: MessageKey?
    package var isLatestFirst: Bool
    /// Begin behind this entry, in the order asked for; nil begins at the end that comes first.
    package var after: DeadLetterID?
    package var limit: Int

    package init(
        account: Account,
        ids: [DeadLetterID]? = nil,
        message: MessageKey? = nil,
        isLatestFirst: Bool = false,
        after: DeadLetterID? = nil,
        limit: Int
    ) {
        self.account = account
        self.ids = ids
        self.message = message
        self.isLatestFirst = isLatestFirst
        self.after = after
        self.limit = limit
    }
}

/// A message that was given up, with the attempt that ended it; bodies are whole.
package struct DeadLetter: Sendable {
    package var id: DeadLetterID
    package var message: Message
    package var attempt: Attempt

    package init(id: DeadLetterID, message: Message, attempt: Attempt) {
        self.id = id
        self.message = message
        self.attempt = attempt
    }
}
