import Hummingbird
import Logging
import ServiceLifecycle
import UnixSignals

/// Serves a router on a port of this machine until it has answered one request with success, or a signal ends it.
///
/// - Parameter work: Called once the server takes connections.
/// - Throws: What keeps the server from starting, or what `work` throws.
func serveOnce(
    _ router: Router<BasicRequestContext>,
    port: Int,
    work: @escaping @Sendable () async throws -> Void
) async throws {
    let (start, started) = AsyncStream.makeStream(of: Void.self)
    let (success, succeeded) = AsyncStream.makeStream(of: Void.self)
    let server = Application(
        responder: SuccessObserver(responder: router.buildResponder()) { succeeded.finish() },
        configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
        onServerRunning: { _ in started.finish() },
        logger: Logger(label: "first-message") { _ in SwiftLogNoOpLogHandler() }
    )
    let client = Client {
        for await _ in start {}
        try Task.checkCancellation()
        try await work()
        for await _ in success {}
    }
    let services = ServiceGroup(
        configuration: ServiceGroupConfiguration(
            services: [
                .init(service: server),
                // The server finishes the answer that is under way.
                .init(service: client, successTerminationBehavior: .gracefullyShutdownGroup),
            ],
            gracefulShutdownSignals: [.sigint, .sigterm],
            logger: server.logger
        )
    )
    try await services.run()
}

/// Calls a function after each answer with success.
private struct SuccessObserver<Responder: HTTPResponder>: HTTPResponder {
    let responder: Responder
    let succeeded: @Sendable () -> Void

    @concurrent
    func respond(to request: Request, context: Responder.Context) async throws -> Response {
        let response = try await responder.respond(to: request, context: context)
        if response.status.kind == .successful { succeeded() }
        return response
    }
}

/// A function as a service, which a signal ends.
private struct Client: Service {
    let work: @Sendable () async throws -> Void

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await work() }
    }
}
