/// How a webhook was handled: answered 200, and not to be sent again.
///
/// What went wrong is thrown as a ``WebhookError``.
public struct WebhookOutcome: Sendable, Hashable {
    /// The answer's members beside `ok`.
    let fields: [String: JSONValue]
    /// Whether nothing was done, on purpose.
    let isSkipped: Bool
    /// Why nothing was done; nil when that needs no reason.
    let reason: String?
    /// Whether it was handled before.
    let isDuplicate: Bool

    private init(
        fields: [String: JSONValue] = [:],
        isSkipped: Bool = false,
        reason: String? = nil,
        isDuplicate: Bool = false
    ) {
        self.fields = fields
        self.isSkipped = isSkipped
        self.reason = reason
        self.isDuplicate = isDuplicate
    }

    /// Handled: `{"ok":true}`.
    public static let done = WebhookOutcome()

    /// Handled, with members of the answer beside `"ok":true`.
    public static func done(_ fields: [String: JSONValue]) -> WebhookOutcome { WebhookOutcome(fields: fields) }

    /// Nothing to do: `{"ok":true,"skipped":true,"reason":…}`.
    ///
    /// - Parameter reason: Why, in snake case, such as `trip_not_found`.
    public static func skipped(reason: String, _ fields: [String: JSONValue] = [:]) -> WebhookOutcome {
        WebhookOutcome(fields: fields, isSkipped: true, reason: reason)
    }

    /// The event is of a table that the hook is not about.
    static let otherTable = WebhookOutcome(isSkipped: true)

    /// The event was seen before.
    static let duplicate = WebhookOutcome(isDuplicate: true)

    /// The body of the answer.
    var body: JSONValue {
        var members = fields
        if isDuplicate { members["duplicate"] = true }
        if isSkipped { members["skipped"] = true }
        if let reason { members["reason"] = .string(reason) }
        members["ok"] = true
        return .object(members)
    }
}
