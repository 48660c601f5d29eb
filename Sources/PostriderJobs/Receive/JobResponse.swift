public import HTTPTypes

/// An answer for any HTTP server to send.
public struct JobResponse: Sendable {
    /// What follows the head.
    public enum Body: Sendable {
        /// All of it; empty for an answer without a body.
        case bytes([UInt8])
        /// Server-sent events, each chunk to be sent as it comes; ends by itself, or when the client is gone and the iteration is cancelled.
        case events(JobEventStream)
    }

    /// Status and header fields; `Content-Length` is left to the server.
    public var head: HTTPResponse

    /// The body.
    public var body: Body

    /// An answer.
    public init(head: HTTPResponse, body: Body) {
        self.head = head
        self.body = body
    }
}
