/// A request to cancel one message.
package struct Cancellation: Hashable, Sendable {
    package var message: MessageKey
    /// The log row's key.
    package var key: MessageKey
    package var at: Timestamp
    /// True when an attempt is open: the message is then marked, not removed (decision 22).
    package var isOpen: Bool

    package init(message: MessageKey, key: MessageKey, at: Timestamp, isOpen: Bool) {
        self.message = message
        self.key = key
        self.at = at
        self.isOpen = isOpen
    }
}

/// What became of a cancellation.
package enum CancelResult: Hashable, Sendable {
    /// The message waited and is gone; the log says `CANCEL_REQUESTED` and `CANCELED`.
    case removed
    /// An attempt is open; the request is stored and decides what follows it. Repeating it changes nothing.
    case requested
    /// No such message waits for this account: unknown, of another account, or finished.
    case notFound
}
