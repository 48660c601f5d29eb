/// Names a URL group (a topic on the wire): letters, digits, `.`, `_` and `-`.
public struct URLGroupName: WireIdentifier {
    /// What the identifier names, in words.
    public static var noun: String { "URL group name" }

    /// The text as it travels.
    public let rawValue: String

    /// An identifier with the given text.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}
