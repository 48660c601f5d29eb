public import HTTPTypes

/// A request as any HTTP server has it: the head, the body still unread, and where it comes from.
public struct JobRequest: Sendable {
    /// Method, path with query, authority and header fields; the path verbatim, as it was sent.
    public var head: HTTPRequest

    /// The body, unread.
    public var body: RequestBody

    /// The address of the other end of the connection, without port; nil when the server does not say.
    ///
    /// Behind a proxy this is the proxy: ``JobServer/Configuration/trustsProxy`` decides whether its header fields count.
    public var remoteAddress: String?

    /// A request.
    public init(head: HTTPRequest, body: RequestBody = RequestBody([]), remoteAddress: String? = nil) {
        self.head = head
        self.body = body
        self.remoteAddress = remoteAddress
    }

    /// The path without its query; `/` when the request has none.
    var path: Substring {
        guard let target = head.path, !target.isEmpty else { return "/" }
        return target.prefix { $0 != "?" && $0 != "#" }
    }
}
