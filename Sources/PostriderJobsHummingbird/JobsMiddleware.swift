public import Hummingbird
public import PostriderJobs

/// Answers a `JobServer`'s paths on a Hummingbird server, and passes everything else on.
///
/// ```swift
/// let router = Router()
/// router.add(middleware: JobsMiddleware(server))
/// ```
///
/// Paths are compared as the client sent them, before Hummingbird's router has taken them apart. Behind a proxy nothing else is needed; for
/// the address of callers that come directly, the context conforms to `RemoteAddressRequestContext`.
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
        guard let answer = await answer(JobRequest(request, remoteAddress: address)) else {
            return try await next(request, context)
        }
        return Response(answer, to: request)
    }
}
