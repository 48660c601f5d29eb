/// One message to be stored, with the deduplication id it claims.
package struct Acceptance: Sendable {
    package var message: Message
    package var deduplication: DeduplicationClaim?

    package init(message: Message, deduplication: DeduplicationClaim? = nil) {
        self.message = message
        self.deduplication = deduplication
    }
}

/// The id under which a repeated publish is recognised, per account (decision 9).
package struct DeduplicationClaim: Hashable, Sendable {
    package var id: String
    /// The window's end when this message is the first with the id; a later publish does not renew it.
    package var expiresAt: Timestamp

    package init(id: String, expiresAt: Timestamp) {
        self.id = id
        self.expiresAt = expiresAt
    }
}

/// What became of one acceptance.
package enum AcceptResult: Hashable, Sendable {
    case accepted
    /// An earlier message holds the deduplication id; nothing was stored.
    case duplicate(of: MessageKey)
}
