package import QStashWire

/// One attempt that has ended, as it is stored.
package struct Attempt: Hashable, Sendable {
    /// How the attempt left its message; the raw value is stored.
    package enum Verdict: UInt8, Sendable, CaseIterable {
        case delivered = 0
        case retry = 1
        case failed = 2
        case canceled = 3
    }

    /// The row's own key, from the sequence of messages: the order of the log.
    package var key: MessageKey
    package var message: MessageKey
    package var account: Account
    /// Attempts before this one.
    package var retried: Int
    package var startedAt: Timestamp
    package var endedAt: Timestamp
    package var verdict: Verdict
    /// The destination's status; 0 when no answer came.
    package var status: Int
    /// Words for the log when the attempt failed; nil after a success.
    package var error: String?
    package var responseHeaders: [HeaderField]
    package var responseBody: [UInt8]
    /// When the next attempt starts; nil unless the verdict is `retry`.
    package var nextDue: Timestamp?

    package init(
        key: MessageKey,
        message: MessageKey,
        account: Account,
        retried: Int,
        startedAt: Timestamp,
        endedAt: Timestamp,
        verdict: Verdict,
        status: Int,
        error: String?,
        responseHeaders: [HeaderField],
        responseBody: [UInt8],
        nextDue: Timestamp?
    ) {
        self.key = key
        self.message = message
        self.account = account
        self.retried = retried
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.verdict = verdict
        self.status = status
        self.error = error
        self.responseHeaders = responseHeaders
        self.responseBody = responseBody
        self.nextDue = nextDue
    }
}
