/// Names what shares a rate or a parallelism, such as `tenant-7`.
public struct FlowControlKey: WireIdentifier {
    /// What the identifier names, in words.
    public static var noun: String { "flow control key" }

    /// The text as it travels.
    public let rawValue: String

    /// An identifier with the given text.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}
