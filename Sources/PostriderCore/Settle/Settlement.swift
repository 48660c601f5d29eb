/// Everything that follows from one attempt, written in one transaction.
///
/// A retry and a callback are rows in here, not calls back into publishing (architecture, "The house").
package struct Settlement: Sendable {
    /// The attempt's row; its verdict says what becomes of the message.
    package var attempt: Attempt
    /// Set exactly when the verdict is `failed`.
    package var deadLetter: DeadLetterID?
    /// Messages to be stored with it.
    package var callbacks: [Message]
    /// The part of ``callbacks`` that only a failure owes: dropped when the message was cancelled.
    package var failureCallback: Message?

    package init(attempt: Attempt, deadLetter: DeadLetterID?, callbacks: [Message], failureCallback: Message?) {
        self.attempt = attempt
        self.deadLetter = deadLetter
        self.callbacks = callbacks
        self.failureCallback = failureCallback
    }

    /// Every message the settlement stores.
    package var newMessages: [Message] {
        guard let failureCallback else { return callbacks }
        return callbacks + [failureCallback]
    }

    /// The settlement as it stands once the store has read, in the same transaction, whether a cancel was requested.
    ///
    /// A success stays delivered; anything else ends cancelled, without retry, dead letter or failure callback (decision 22).
    package func resolved(isCancelRequested: Bool) -> Settlement {
        guard isCancelRequested, attempt.verdict != .delivered else { return self }
        var canceled = self
        canceled.attempt.verdict = .canceled
        canceled.attempt.nextDue = nil
        canceled.deadLetter = nil
        canceled.failureCallback = nil
        return canceled
    }
}

/// What the store made of a settlement.
package enum SettleResult: Sendable {
    /// Stored, as it was resolved.
    case settled(Settlement)
    /// The message no longer waits: it was removed meanwhile, and nothing was stored.
    case gone
}
