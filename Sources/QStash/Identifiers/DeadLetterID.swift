/// Names an entry of the dead letter queue, such as `1725323658779-0`.
public struct DeadLetterID: WireIdentifier {
    /// What the identifier names, in words.
    public static var noun: String { "dead letter id" }

    /// The text as it travels.
    public let rawValue: String

    /// An identifier with the given text.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}
