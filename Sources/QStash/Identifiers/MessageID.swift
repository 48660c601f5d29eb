/// Names one message, such as `msg_7Yx2kQ`.
///
/// The same on every attempt: receivers use it as an idempotency key.
public struct MessageID: WireIdentifier {
    /// What the identifier names, in words.
    public static var noun: String { "message id" }

    /// The text as it travels.
    public let rawValue: String

    /// An identifier with the given text.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}
