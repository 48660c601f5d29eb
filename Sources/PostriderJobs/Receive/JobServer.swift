import HTTPTypes
public import Logging

/// Answers the requests of jobs, webhooks and their users, for any HTTP server.
///
/// ```swift
/// let server = try JobServer(routes, configuration: .init(publicBaseURL: "https://app.example.com"), storage: .inMemory())
/// try await server.prepare()
/// let response = await server.respond(to: request)  // nil: not a path of this server's
/// ```
public final class JobServer: Sendable {
    private let routes: RouteTable
    let environment: JobEnvironment

    /// A server with everything from outside.
    ///
    /// - Parameters:
    ///   - identity: Who calls endpoints of users.
    ///   - clock: What locks, retries and records go by.
    ///   - randomBytes: So many bytes that nobody can guess.
    /// - Throws: ``JobsError`` with code `configuration_invalid` naming what is wrong.
    public init(
        _ routes: JobRoutes,
        configuration: Configuration,
        storage: JobStorage,
        identity: any IdentityProvider,
        clock: any JobClock,
        randomBytes: @escaping @Sendable (Int) -> [UInt8],
        logger: Logger
    ) throws {
        try configuration.check()
        for case let endpoint as JobEndpoint in routes.endpoints { try endpoint.definition.check() }
        self.routes = try RouteTable(routes.endpoints)
        var configuration = configuration
        let hash = TelemetryHash(secret: configuration.telemetryHashSecret)
        configuration.publisher?.adopt(
            records: storage.records,
            clock: clock,
            randomBytes: randomBytes,
            telemetryHash: hash,
            tracer: configuration.tracer,
            logger: logger
        )
        self.environment = JobEnvironment(
            configuration: configuration,
            storage: storage,
            clock: clock,
            randomBytes: randomBytes,
            identity: identity,
            logger: logger,
            hub: JobRecordHub(),
            alerts: OperationalAlerts(onAlert: configuration.onAlert),
            telemetryHash: hash,
            instance: configuration.instance ?? randomBytes(16).hexadecimal,
            life: randomBytes(16).hexadecimal
        )
    }

    /// Makes ready to answer: frees the locks that earlier lives of the configured instance left behind.
    ///
    /// Call it once, before the first request. Without an instance in the configuration there is nothing to do: such locks run out by themselves.
    ///
    /// - Throws: What the storage throws when it is down. Requests may be answered all the same.
    public func prepare() async throws {
        guard environment.configuration.instance != nil else { return }
        let count = try await environment.storage.ledger.releaseLocks(
            ofEarlierLivesOf: environment.instance,
            currentLife: environment.life
        )
        if count > 0 {
            environment.logger.info("locks of an earlier life were freed", metadata: ["count": "\(count)"])
        }
    }

    /// Publishes jobs, with the records of this server's storage; nil when the configuration has no publisher.
    public var publisher: JobPublisher? { environment.configuration.publisher }

    /// Answers a request; nil when no route has its path, so that the server may answer it otherwise.
    public func respond(to request: JobRequest) async -> JobResponse? {
        switch routes.match(method: request.head.method.rawValue, path: request.path) {
        case .none: return nil
        case .wrongMethod(let allowed):
            var response = JobAnswer.error(405, "method_not_allowed", "the path does not answer this method").response
            response.head.headerFields[.allow] = allowed.joined(separator: ", ")
            return response
        case .endpoint(let endpoint, let parameters):
            return await endpoint.respond(to: request, parameters: parameters, in: environment)
        }
    }
}
