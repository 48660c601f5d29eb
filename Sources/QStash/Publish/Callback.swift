public import HTTPTypes

/// A request that the server makes about a message: after each attempt, or when it is given up.
///
/// It is a message of its own, signed and retried like one; ``CallbackPayload`` is its body (wire reference, section 9).
public struct Callback: Sendable, Hashable, ExpressibleByStringLiteral {
    /// Where it goes: `http://` or `https://`.
    public var url: String

    /// Its method; nil for POST.
    public var method: HTTPRequest.Method?

    /// Headers for the callback's destination.
    public var headers: HTTPFields

    /// How often it is repeated; nil for as often as the message.
    public var retries: Int?

    /// The wait before each repetition; nil for the server's default.
    public var retryDelay: RetryDelay?

    /// How long its destination may take, in whole seconds; nil for the server's maximum.
    public var timeout: Duration?

    /// The time to wait before it is sent, in whole seconds; not for messages in queues.
    public var delay: Duration?

    /// A callback; every part but the URL has a default.
    public init(
        url: String,
        method: HTTPRequest.Method? = nil,
        headers: HTTPFields = HTTPFields(),
        retries: Int? = nil,
        retryDelay: RetryDelay? = nil,
        timeout: Duration? = nil,
        delay: Duration? = nil
    ) {
        self.url = url
        self.method = method
        self.headers = headers
        self.retries = retries
        self.retryDelay = retryDelay
        self.timeout = timeout
        self.delay = delay
    }

    /// A callback to the URL of a literal, with all defaults.
    public init(stringLiteral url: String) {
        self.init(url: url)
    }
}

extension Callback: CustomStringConvertible, CustomReflectable {
    /// How many headers there are: their values and the URL's query may be secrets and do not belong in logs.
    public var description: String { "Callback(\(headers.count) headers)" }

    /// The number of headers alone.
    public var customMirror: Mirror { Mirror(self, children: ["headers": headers.count]) }
}
