import HTTPTypes
public import HummingbirdCore
import NIOCore
public import PostriderJobs
import ServiceLifecycle

extension Response {
    /// An answer for HummingbirdCore's server to send.
    ///
    /// Server-sent events go out one by one as they come. They end when the job has ended, when the client has gone, and when the server is
    /// told to stop, which would otherwise wait for them; the client then takes them up elsewhere with `Last-Event-ID`.
    ///
    /// - Parameter request: What is answered; for events it must be as it came from the server, its body not replaced by another.
    public init(_ answer: JobResponse, to request: Request) {
        switch answer.body {
        case .bytes(let bytes):
            var headers = answer.head.headerFields
            if answer.head.status.mayHaveBody { headers[.contentLength] = String(bytes.count) }
            let isBare = bytes.isEmpty || request.method == .head
            // Of unknown length, so that nothing adds one to an answer that must not have it.
            let nothing = ResponseBody { writer in try await writer.finish(nil) }
            self.init(
                status: answer.head.status,
                headers: headers,
                body: isBare ? nothing : ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
            )
        case .events(let events):
            self.init(
                status: answer.head.status,
                headers: answer.head.headerFields,
                body: ResponseBody { writer in try await Self.send(events, to: &writer, of: request) }
            )
        }
    }

    // Hummingbird writes from tasks that belong to no actor.
    @concurrent
    private static func send(
        _ events: JobEventStream,
        to writer: inout any ResponseBodyWriter,
        of request: Request
    ) async throws {
        do {
            try await request.body.consumeWithCancellationOnInboundClose { _ in
                for try await event in events.cancelOnGracefulShutdown() {
                    try await writer.write(ByteBuffer(bytes: event))
                }
            }
        } catch is CancellationError {
            // The client is gone, or is to come back later: either way the answer ends here.
        }
        try await writer.finish(nil)
    }
}

extension HTTPResponse.Status {
    /// False for 1xx, 204 and 304, which end with their head.
    fileprivate var mayHaveBody: Bool { code >= 200 && code != 204 && code != 304 }
}
