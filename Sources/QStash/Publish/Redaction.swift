/// What the server's interface shows as `REDACTED:<hash>` instead of in clear; the destination gets the originals.
public struct Redaction: Sendable, Hashable {
    /// Which headers are hidden.
    public enum Headers: Sendable, Hashable {
        /// No header.
        case none
        /// Every header.
        case all
        /// The headers of these names.
        case named([String])
    }

    /// Whether the body is hidden.
    public var body: Bool

    /// Which headers are hidden.
    public var headers: Headers

    /// A choice of what is hidden.
    public init(body: Bool = false, headers: Headers = .none) {
        self.body = body
        self.headers = headers
    }

    /// The body and every header.
    public static let everything = Redaction(body: true, headers: .all)
}
