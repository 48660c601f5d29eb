import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import PostriderAPI
import PostriderBroker
import PostriderCore
import PostriderDemo
import PostriderJobs
import PostriderJobsHummingbird
import QStash
import QStashWire
import ServiceLifecycle
import Synchronization

/// The applications beside `/v2`: their jobs, and the status of every job.
///
/// Made in two steps: only once the server listens is its own address known, to which the applications publish.
final class ApplicationHost: Sendable {
    /// What the host takes from the rest of the server.
    struct Surroundings: Sendable {
        var plan: ApplicationPlan
        var storage: ApplicationStorage
        var keyring: SigningKeyring
        /// The token of the account that the applications publish with.
        var token: String
        /// Names this installation, over restarts.
        var instance: String
        var isSecure: Bool
        /// Learns where the applications are reached.
        var own: OwnAddress
        /// Peers whose `X-Forwarded-For` counts.
        var callers: CallerAddress
        /// How long handlers may go on after a stop.
        var drain: Duration
        var clock: any JobClock
        var logger: Logger
    }

    private let surroundings: Surroundings
    private let server = Mutex<JobServer?>(nil)
    private let starts: AsyncStream<Result<[any Service], any Error>>
    private let start: AsyncStream<Result<[any Service], any Error>>.Continuation

    init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
        (starts, start) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    /// Whether requests are answered.
    var isRunning: Bool { server.withLock { $0 != nil } }

    /// Makes the applications, now that the server listens; ``services()`` tells how it ended.
    func begin(listeningAt address: SocketAddress?) async {
        do {
            let (made, services, own) = try makeServer(listeningAt: address)
            try await made.prepare()
            surroundings.own.set(own)
            server.withLock { $0 = made }
            start.yield(.success(services))
        } catch let error as StartError {
            start.yield(.failure(error))
        } catch {
            start.yield(.failure(StartError("the applications cannot begin: \(error)")))
        }
        start.finish()
    }

    /// What is to run beside the server, once it has begun; nil when it was stopped before.
    ///
    /// To be asked once.
    ///
    /// - Throws: What kept the applications from beginning.
    func services() async throws -> [any Service]? {
        for try await outcome in starts.cancelOnGracefulShutdown() { return try outcome.get() }
        return nil
    }

    /// Answers a request of an application's path; nil for any other.
    func answer(_ request: Request, _ channel: any Channel) async -> (HTTPResponse, ResponseBody)? {
        guard let server = server.withLock({ $0 }) else {
            return (request.head.path ?? "").hasPrefix("/api/") ? Self.notReady : nil
        }
        let peer = APIRequest(
            method: request.method,
            target: request.head.path ?? "/",
            fields: request.headers,
            body: BytesReader([]),
            peer: channel.remoteAddress?.ipAddress
        )
        let address = surroundings.callers.text(of: peer)
        let jobRequest = JobRequest(request, remoteAddress: address.isEmpty ? nil : address)
        guard let answer = await respond(to: jobRequest, on: channel, server: server) else { return nil }
        let response = Response(answer, to: request)
        return (response.head, response.body)
    }

    /// Has the server answer; after a stop its handler is cancelled when the time is up, so that the message is free for the next start.
    ///
    /// It is cancelled too when the broker gives the attempt up and closes its connection.
    private func respond(to request: JobRequest, on channel: any Channel, server: JobServer) async -> JobResponse? {
        // The broker gives the attempt up first, so that a handler that is cut costs no retry.
        let time = surroundings.drain + .milliseconds(250)
        let clock = surroundings.clock
        return await withTaskGroup(of: JobResponse??.self) { group in
            group.addTask {
                .some(await withCancellationOnInboundClose(of: channel) { await server.respond(to: request) } ?? nil)
            }
            group.addTask {
                do {
                    try await gracefulShutdown()
                    try await clock.sleep(for: time)
                } catch {
                    // The answer was first.
                }
                return nil
            }
            defer { group.cancelAll() }
            while let ending = await group.next() {
                if let answer = ending { return answer }
                group.cancelAll()
            }
            return nil
        }
    }

    private func makeServer(
        listeningAt address: SocketAddress?
    ) throws -> (JobServer, [any Service], OwnApplication) {
        let plan = surroundings.plan
        let listening = try Self.baseURL(of: address, isSecure: surroundings.isSecure)
        let origin = plan.publicURL?.text ?? listening.text
        let client = try client(listening: listening)
        var configuration = JobServer.Configuration(publicBaseURL: origin, signingKeys: signingKeys)
        configuration.instance = surroundings.instance
        configuration.telemetryHashSecret = plan.telemetryHashSecret
        configuration.publisher = try JobPublisher(client: client, origin: origin)
        var routes = JobRoutes()
        routes.status(JobStatusOptions(client: client))
        for name in plan.names {
            switch name {
            case .demo: Demo.add(to: &routes)
            }
        }
        let storage = surroundings.storage
        let server = try JobServer(
            routes,
            configuration: configuration,
            storage: storage.storage,
            identity: try identity(),
            clock: surroundings.clock,
            randomBytes: { SystemRandom.bytes(count: $0) },
            logger: surroundings.logger
        )
        let services: [any Service] = [JobSweeper(server, client: client), JobRecordWatch(server), storage.database]
        let origins = [plan.publicURL?.origin, listening.origin].compactMap { $0 }
        return (server, services, OwnApplication(origins: Set(origins)))
    }

    private func client(listening: PublicURL) throws -> QStashClient {
        if let broker = surroundings.plan.broker { return try QStashClient(token: broker.token, baseURL: broker.url) }
        // The certificate is for the public name, not for the address.
        let url = surroundings.isSecure ? surroundings.plan.publicURL ?? listening : listening
        return try QStashClient(token: surroundings.token, baseURL: url.text)
    }

    private var signingKeys: SigningKeySource {
        if let broker = surroundings.plan.broker {
            return .fixed(current: broker.currentSigningKey, next: broker.nextSigningKey)
        }
        let keyring = surroundings.keyring
        return SigningKeySource {
            let pair = try await keyring.pair(of: .standard)
            return (pair.current, pair.next)
        }
    }

    private func identity() throws -> any IdentityProvider {
        let plan = surroundings.plan
        if let tokens = plan.tokens {
            return try SharedSecretIdentity(
                secrets: tokens.secrets,
                clock: surroundings.clock,
                issuer: tokens.issuer,
                audience: tokens.audience
            )
        }
        if plan.isLocal { return LocalIdentity() }
        if !plan.names.isEmpty {
            surroundings.logger.warning(
                "users cannot be told apart: their requests are answered 401 until identity-jwt-secret is set"
            )
        }
        return NoIdentity()
    }

    /// The address that the server listens on, as this machine reaches it.
    private static func baseURL(of address: SocketAddress?, isSecure: Bool) throws -> PublicURL {
        guard let port = address?.port, let ip = address?.ipAddress else {
            throw StartError("the server listens on no address that can be told")
        }
        let host =
            switch ip {
            case "0.0.0.0": "127.0.0.1"
            case "::": "[::1]"
            default: ip.contains(":") ? "[\(ip)]" : ip
            }
        return try PublicURL("\(isSecure ? "https" : "http")://\(host):\(port)", key: "host")
    }

    private static var notReady: (HTTPResponse, ResponseBody) {
        let body = #"{"error":"not_ready","reason":"the server is starting"}"#
        let fields: HTTPFields = [
            .contentType: "application/json", .contentLength: String(body.utf8.count), .retryAfter: "1",
        ]
        return (
            HTTPResponse(status: .serviceUnavailable, headerFields: fields),
            ResponseBody(byteBuffer: ByteBuffer(string: body))
        )
    }
}
