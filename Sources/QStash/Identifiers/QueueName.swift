/// Names a queue: letters, digits, `.`, `_` and `-`.
public struct QueueName: WireIdentifier {
    /// What the identifier names, in words.
    public static var noun: String { "queue name" }

    /// The text as it travels.
    public let rawValue: String

    /// An identifier with the given text.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}
