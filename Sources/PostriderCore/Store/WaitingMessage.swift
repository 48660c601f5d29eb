/// A message that waits, and where it stands.
package struct WaitingMessage: Sendable {
    package var message: Message
    package var entry: PendingEntry
    package var isCancelRequested: Bool

    package init(message: Message, entry: PendingEntry, isCancelRequested: Bool) {
        self.message = message
        self.entry = entry
        self.isCancelRequested = isCancelRequested
    }
}

/// A dead letter and the message that replaces it.
package struct Redrive: Sendable {
    package var deadLetter: DeadLetterID
    package var message: Message

    package init(deadLetter: DeadLetterID, message: Message) {
        self.deadLetter = deadLetter
        self.message = message
    }
}
