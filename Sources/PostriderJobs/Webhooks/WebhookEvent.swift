/// A verified event, ready to be handled: what ``WebhookEndpoint`` needs to know of it, whatever its type.
struct WebhookEvent: Sendable {
    /// What tells it from all others; the same when it is sent again.
    let key: WebhookEventKey

    /// The table it is about; nil for events that have none.
    var table: String?

    /// What happened to the row; nil for events that have none.
    var operation: String?

    /// False when it is of a table that the hook is not about.
    var isWanted = true

    /// Calls the hook's handler.
    let handle: @Sendable (WebhookContext) async throws -> WebhookOutcome
}

/// The key of an event, and how sure it is; business keys of jobs and of ``Idempotency`` have the same bound.
struct WebhookEventKey: Sendable, Hashable {
    /// Keys are kept in stores: what is longer is told by its hash.
    static let lengthMax = 512

    /// 1...512 bytes.
    let text: String

    /// Whether no other event can have it, so that it may be remembered for long.
    ///
    /// Not so for a hash of the body: two events may well say the same.
    let isUnique: Bool

    init(_ text: String, isUnique: Bool) {
        self.text =
            (1...Self.lengthMax).contains(text.utf8.count) ? text : "sha256:\(Hexadecimal.digest(of: text))"
        self.isUnique = isUnique
    }

    /// The key of an event that a sender gave an id, or else of its body.
    init(deliveryID: String?, body: [UInt8]) {
        if let deliveryID {
            self.init(deliveryID, isUnique: true)
        } else {
            self.init("body:\(Hexadecimal.digest(of: body))", isUnique: false)
        }
    }
}
