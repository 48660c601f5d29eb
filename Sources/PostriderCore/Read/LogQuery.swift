/// Which rows of the log to read.
package struct LogQuery: Sendable {
    /// The kinds of rows there are.
    package enum Stream: Sendable, CaseIterable {
        case created
        case attempt
        case cancellation
    }

    package var account: Account
    /// Rows of these messages only; nil means of all; never empty.
    package var messages: [MessageKey]?
    package var streams: Set<Stream>
    /// Attempts with these verdicts only; nil means all.
    package var verdicts: Set<Attempt.Verdict>?
    package var isLatestFirst: Bool
    /// Begin with the row of this key itself, then on in the order asked for; nil begins at the end that comes first.
    package var from: MessageKey?
    package var limit: Int
    /// Message and response bodies above this are left out: `omitted`, and an empty response body.
    package var bodyBytesMax: Int

    package init(
        account: Account,
        messages: [MessageKey]?,
        streams: Set<Stream>,
        verdicts: Set<Attempt.Verdict>?,
        isLatestFirst: Bool,
        from: MessageKey?,
        limit: Int,
        bodyBytesMax: Int
    ) {
        self.account = account
        self.messages = messages
        self.streams = streams
        self.verdicts = verdicts
        self.isLatestFirst = isLatestFirst
        self.from = from
        self.limit = limit
        self.bodyBytesMax = bodyBytesMax
    }
}

/// A row of the log with the message it is about.
package struct LogRow: Sendable {
    /// What happened.
    package enum Kind: Sendable {
        /// The row's key is the message's.
        case created
        /// The row's key is the attempt's.
        case attempt(Attempt)
        /// The row's key is the cancellation's; `isRemoved` says whether the message was removed at once.
        case cancellation(at: Timestamp, isRemoved: Bool)
    }

    package var key: MessageKey
    package var message: Message
    package var kind: Kind

    package init(key: MessageKey, message: Message, kind: Kind) {
        self.key = key
        self.message = message
        self.kind = kind
    }
}
