/// A name or id that travels as text: an identifier of one kind cannot be given where another is meant.
///
/// The text is opaque: the SDK never parses it. An identifier made of a literal or received from the server is kept as it is; one that is
/// empty is refused by every call that would send it, because an empty path segment means "all" on the wire
/// (wire reference, section 11.3).
public protocol WireIdentifier: RawRepresentable<String>, Hashable, Sendable, Codable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// What the identifier names, in words for error messages, such as `message id`.
    static var noun: String { get }

    /// An identifier with the given text.
    init(rawValue: String)
}

extension WireIdentifier {
    /// An identifier with the given text.
    public init(_ text: String) {
        self.init(rawValue: text)
    }

    /// An identifier with the text of a literal.
    public init(stringLiteral text: String) {
        self.init(rawValue: text)
    }

    /// The text itself.
    public var description: String { rawValue }
}
