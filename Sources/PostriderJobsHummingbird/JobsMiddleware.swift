public import Hummingbird
public import PostriderJobs

/// Answers a `JobServer`'s paths on a Hummingbird server, and passes everything else on.
///
/// ```swift
/// let router = Router(context: JobsRequestContext.self)
/// router.add(middleware: JobsMiddleware(server))
/// ```
///
/// Paths are compared as the client sent them, before Hummingbird's router has taken them apart. Behind a proxy nothing else is needed; for
/// the address of callers that come directly, the context conforms to `RemoteAddressRequestContext`.
///
/// A broker that gives an attempt up closes its connection. Where the context conforms to ``JobsChannelContext``, the handler is cancelled
/// then, and its message is free for the next attempt; with other contexts it runs to its end.
///
/// Event streams end when the client goes and when the server is told to stop.
public struct JobsMiddleware<Context: RequestContext>: RouterMiddleware {
    private let answer: @Sendable (JobRequest) async -> JobResponse?

    /// A middleware that answers what the server knows.
    public init(_ server: JobServer) {
        self.answer = { await server.respond(to: $0) }
    }

    /// - Parameter answer: As `JobServer.respond(to:)`.
    init(answer: @escaping @Sendable (JobRequest) async -> JobResponse?) {
        self.answer = answer
    }

    /// Answers a request, or has the next in line answer it when no route has its path.
    @concurrent
    public func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let address = (context as? any RemoteAddressRequestContext)?.remoteAddress?.ipAddress
        let jobRequest = JobRequest(request, remoteAddress: address)
        guard let answer = await self.answer(to: jobRequest, context) else {
            return try await next(request, context)
        }
        return Response(answer, to: request)
    }

    private func answer(to request: JobRequest, _ context: Context) async -> JobResponse? {
        guard let channel = (context as? any JobsChannelContext)?.channel else { return await answer(request) }
        let answer = self.answer
        return await withCancellationOnInboundClose(of: channel) { await answer(request) } ?? nil
    }
}
