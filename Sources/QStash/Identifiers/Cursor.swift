/// Continues a listing where the page before it ended.
///
/// Valid only with the filter and order that it was returned for.
public struct Cursor: WireIdentifier {
    /// What the identifier names, in words.
    public static var noun: String { "cursor" }

    /// The text as it travels.
    public let rawValue: String

    /// An identifier with the given text.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}
