package import QStashWire

/// Carries one request to a destination.
package protocol DeliveryTransport: Sendable {
    /// Sends the request and waits for the whole answer, at most for its time-out.
    ///
    /// When the calling task is cancelled the exchange is cut and the outcome is ``AttemptFailure/Code/abandoned``.
    func send(_ request: DeliveryRequest) async -> AttemptOutcome
}

/// One attempt, ready for the wire.
package struct DeliveryRequest: Sendable {
    package var url: DestinationURL
    package var method: String
    /// Everything but `Host` and `Content-Length`, which the transport adds.
    package var headers: [HeaderField]
    package var body: [UInt8]
    /// The bound over the whole exchange: resolving, connecting, sending, and the answer to its last byte.
    package var timeoutMilliseconds: Int64
    package var responseBodyBytesMax: Int

    package init(
        url: DestinationURL,
        method: String,
        headers: [HeaderField],
        body: [UInt8],
        timeoutMilliseconds: Int64,
        responseBodyBytesMax: Int
    ) {
        self.url = url
        self.method = method
        self.headers = headers
        self.body = body
        self.timeoutMilliseconds = timeoutMilliseconds
        self.responseBodyBytesMax = responseBodyBytesMax
    }
}
