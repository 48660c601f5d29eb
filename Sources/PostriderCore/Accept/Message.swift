package import QStashWire

/// A message as it was accepted: written once, never changed.
///
/// A class, because one message passes through many hands on its way and only a reference should travel.
package final class Message: Sendable {
    package let key: MessageKey
    package let account: Account
    package let destination: DestinationURL
    package let createdAt: Timestamp
    /// The earliest moment of the first attempt; `createdAt` when no delay was asked for.
    package let notBefore: Timestamp
    package let settings: MessageSettings
    package let body: MessageBody
    /// The lane in which the message waits.
    ///
    /// Flow-control keys and queues get lanes of their own once they are enforced.
    package let lane: Lane

    package init(
        key: MessageKey,
        account: Account,
        destination: DestinationURL,
        createdAt: Timestamp,
        notBefore: Timestamp,
        settings: MessageSettings,
        body: MessageBody
    ) {
        self.key = key
        self.account = account
        self.destination = destination
        self.createdAt = createdAt
        self.notBefore = notBefore
        self.settings = settings
        self.body = body
        self.lane = Lane(kind: .destination, account: account, name: destination.origin)
    }

    /// Bytes the body takes in memory when it is delivered or shown; of a callback, about.
    package var bodyByteCount: Int {
        switch body {
        case .bytes(let bytes): bytes.count
        case .callback(let source): source.byteCount
        case .omitted: 0
        }
    }
}

/// What a message carries.
package enum MessageBody: Hashable, Sendable {
    /// The bytes as they were published; delivered unchanged.
    case bytes([UInt8])
    /// A callback's body, rendered from the source when it is sent or read (decision 23).
    case callback(CallbackSource)
    /// The bytes stay in the store, because the reader asked for none above a bound; their number.
    case omitted(byteCount: Int)
}

/// Where a callback's body comes from.
package struct CallbackSource: Hashable, Sendable {
    /// The message whose attempt is reported.
    package var message: MessageKey
    /// The attempt that is reported.
    package var attempt: MessageKey
    /// Set for a failure callback: the entry the source message became.
    package var deadLetter: DeadLetterID?
    /// About how large the body will be when it is rendered, for what bounds memory.
    package var byteCount: Int

    package init(message: MessageKey, attempt: MessageKey, deadLetter: DeadLetterID?, byteCount: Int = 0) {
        self.message = message
        self.attempt = attempt
        self.deadLetter = deadLetter
        self.byteCount = byteCount
    }
}
