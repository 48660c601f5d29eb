public import HTTPTypes

/// Carries one request to the server and its whole answer back.
///
/// ``HTTPClientTransport`` is the one over the network. Tests give their own, or take the one of `PostriderTestKit`.
///
/// A transport neither follows redirects (the token would travel along) nor retries, and every status is an answer, not an error.
public protocol QStashTransport: Sendable {
    /// Sends the request and returns the answer with its whole body.
    ///
    /// - Parameters:
    ///   - timeout: The bound on the whole exchange, from the connection to the last byte of the body.
    ///   - answerBytesMax: The bound on the body of the answer.
    /// - Throws: ``QStashTransportError``, or `CancellationError` when the task was cancelled.
    func send(
        _ request: QStashRequest,
        timeout: Duration,
        answerBytesMax: Int
    ) async throws -> QStashResponse
}

/// One request to the server, complete.
public struct QStashRequest: Sendable, Hashable {
    /// Method, scheme, authority, path with query, and header fields.
    ///
    /// The path is the request target verbatim: a destination is appended raw (wire reference, section 1.1).
    public var head: HTTPRequest

    /// The body; empty for none.
    public var body: [UInt8]

    /// A request with its parts.
    public init(head: HTTPRequest, body: [UInt8] = []) {
        self.head = head
        self.body = body
    }
}

/// One answer of the server, complete.
public struct QStashResponse: Sendable, Hashable {
    /// Status and header fields.
    public var head: HTTPResponse

    /// The whole body.
    public var body: [UInt8]

    /// An answer with its parts.
    public init(head: HTTPResponse, body: [UInt8] = []) {
        self.head = head
        self.body = body
    }
}

/// An exchange that ended without an answer.
public struct QStashTransportError: Error, Sendable, CustomStringConvertible {
    /// How far the exchange got.
    public enum Reach: Sendable, Hashable {
        /// Nothing of the request left this machine: it is safe to send it again.
        case unsent
        /// The server may have received and obeyed the request.
        case unknown
    }

    /// How far the exchange got.
    public let reach: Reach

    /// True when the time ran out.
    public let isTimeout: Bool

    /// What happened, without tokens, bodies or queries.
    public let detail: String

    /// The error of the layer below, if there is one.
    public let underlying: (any Error)?

    /// An exchange that ended without an answer.
    public init(reach: Reach, isTimeout: Bool = false, detail: String, underlying: (any Error)? = nil) {
        self.reach = reach
        self.isTimeout = isTimeout
        self.detail = detail
        self.underlying = underlying
    }

    /// What happened, in one line.
    public var description: String { "no answer: \(detail)" }
}

extension QStashRequest: CustomStringConvertible, CustomReflectable {
    /// Method and length: the head carries the token, and the path a destination.
    public var description: String { "QStashRequest(\(head.method.rawValue), \(body.count) bytes)" }

    /// The length of the body alone.
    public var customMirror: Mirror { Mirror(self, children: ["count": body.count]) }
}

extension QStashResponse: CustomStringConvertible, CustomReflectable {
    /// Status and length.
    public var description: String { "QStashResponse(\(head.status.code), \(body.count) bytes)" }

    /// The length of the body alone.
    public var customMirror: Mirror { Mirror(self, children: ["count": body.count]) }
}
