import FoundationEssentials
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import PostriderAPI
import PostriderAddressGuard
import PostriderBroker
import PostriderCore
import PostriderJobs
import PostriderStoreSQLite
import PostriderTelemetry
import ServiceLifecycle
import Synchronization
import UnixSignals

/// The server's life: open the data, put the parts together, answer, drain, close.
struct ServeProcess {
    let plan: ServePlan

    /// Runs until SIGTERM or SIGINT, then drains.
    ///
    /// - Throws: ``StartError`` when the server cannot start; the data is closed then.
    func run() async throws {
        let clock = SystemClock()
        let random = SystemRandom()
        let logger = logger(clock: clock)
        let folder = Self.absolute(plan.dataPath)
        for notice in plan.application.notices { logger.notice("\(notice)") }
        let store = try openStore(folder: folder, random: random)
        do {
            let credentials = try Credentials(plan.credentials, folder: folder, random: random)
            let application = try await ApplicationStorage.open(plan.application, folder: folder, logger: logger)
            do {
                try await serve(
                    store: store,
                    application: application,
                    credentials: credentials,
                    folder: folder,
                    clock: clock,
                    random: random,
                    logger: logger
                )
            } catch {
                try? await application.close()
                throw error
            }
            try await application.close()
        } catch {
            // What went wrong first is what is told.
            try? await store.close()
            throw error
        }
        try await store.close()
        logger.info("stopped")
    }

    private func serve(
        store: SQLiteStore,
        application: ApplicationStorage,
        credentials: Credentials,
        folder: String,
        clock: SystemClock,
        random: SystemRandom,
        logger: Logger
    ) async throws {
        let own = OwnAddress()
        let metrics = PrometheusRegistry(descriptions: MetricDescriptions.all)
        let resolver = HostResolver.system(configuration: plan.resolver)
        let eventLoopGroup = MultiThreadedEventLoopGroup.singleton
        let transport = HTTPDeliveryClient(
            eventLoopGroup: eventLoopGroup,
            resolver: resolver,
            configuration: plan.transport,
            policy: { url in OwnApplication.policy(plan.addresses, for: url, own: own.application) }
        )
        if let problem = transport.tlsProblem {
            logger.warning("https destinations cannot be reached", metadata: ["error": "\(problem)"])
        }
        let broker = Broker(
            settings: plan.broker,
            store: store,
            transport: transport,
            clock: clock,
            random: random,
            isAfterUncleanStop: store.wasStoppedUncleanly,
            metricsFactory: metrics,
            logger: logger
        )
        for account in credentials.accounts {
            // The environment's keys belong to the account of the environment's token.
            let seed = account == .standard ? plan.credentials.keys : nil
            if try await broker.keyring.seed(account, with: seed) {
                logger.notice(
                    "signing keys were replaced by those of the environment",
                    metadata: ["account": "\(account)"]
                )
            }
        }
        let applications = ApplicationHost(
            ApplicationHost.Surroundings(
                plan: plan.application,
                storage: application,
                keyring: broker.keyring,
                token: credentials.secret,
                instance: "postrider-" + String(store.storeID.rawValue, radix: 16),
                isSecure: plan.tls != nil,
                own: own,
                callers: CallerAddress(trustedProxies: plan.api.trustedProxies),
                drain: .seconds(plan.api.drainSeconds),
                clock: SystemJobClock(),
                logger: logger
            )
        )
        let dispatcher = broker.dispatcher
        let isReady = Readiness { dispatcher.drain() }
        let service = APIService(
            broker: broker,
            gate: DestinationGate(
                policy: plan.addresses,
                resolver: resolver,
                resolvesAtPublish: plan.resolvesAtPublish,
                isPrivateByDefault: plan.isPrivateByDefault,
                own: { own.application }
            ),
            tokens: credentials.tokens,
            settings: plan.api,
            metricsText: { metrics.text() },
            isReady: { isReady.value },
            logger: logger
        )
        let server = try server(
            service,
            mount: { request, channel in await applications.answer(request, channel) },
            eventLoopGroup: eventLoopGroup,
            logger: logger
        ) { channel in
            await applications.begin(listeningAt: channel.localAddress)
            guard applications.isRunning else { return }
            isReady.set(true)
            announce(channel: channel, folder: folder, credentials: credentials)
        }
        let group = ServiceGroup(
            configuration: .init(
                // Stopped in reverse: first nothing new is taken in, then what is under way ends.
                services: [
                    .init(
                        service: WhileListening(dispatcher: broker.dispatcher, applications: applications),
                        successTerminationBehavior: .ignore
                    ),
                    .init(service: server, failureTerminationBehavior: .cancelGroup),
                    .init(service: isReady, successTerminationBehavior: .ignore),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        do {
            try await group.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw StartError(
                "port \(plan.port) on \(plan.host) is in use: stop what listens there, or choose another with --port"
            )
        } catch let error as IOError {
            throw StartError("cannot listen on \(plan.host) port \(plan.port): \(error)")
        }
        await transport.shutdown()
    }

    private func server(
        _ service: APIService,
        mount: @escaping APIServer.Mount,
        eventLoopGroup: any EventLoopGroup,
        logger: Logger,
        onRunning: @escaping @Sendable (any Channel) async -> Void
    ) throws -> any Service {
        let address = BindAddress.hostname(plan.host, port: plan.port)
        guard let tls = plan.tls else {
            return APIServer.plain(
                service: service,
                mount: mount,
                address: address,
                eventLoopGroup: eventLoopGroup,
                onRunning: onRunning,
                logger: logger
            )
        }
        let configuration: TLSConfiguration
        do {
            configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(tls.certificate).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: tls.key, format: .pem))
            )
        } catch {
            throw StartError("the certificate \(tls.certificate) or its key \(tls.key) cannot be used: \(error)")
        }
        return try APIServer.secure(
            service: service,
            mount: mount,
            tls: configuration,
            address: address,
            eventLoopGroup: eventLoopGroup,
            onRunning: onRunning,
            logger: logger
        )
    }

    private func openStore(folder: String, random: SystemRandom) throws -> SQLiteStore {
        do {
            return try SQLiteStore(folder: folder, random: random, settings: plan.store)
        } catch {
            throw StartError("the data folder \(folder) cannot be used: \(error.detail)")
        }
    }

    private func announce(channel: any Channel, folder: String, credentials: Credentials) {
        let port = channel.localAddress?.port ?? plan.port
        let host = plan.host.contains(":") ? "[\(plan.host)]" : plan.host
        let message = StartMessage(
            baseURL: "\(plan.tls == nil ? "http" : "https")://\(host):\(port)",
            dataPath: folder,
            tokenPath: credentials.tokenPath,
            token: isatty(STDOUT_FILENO) == 1 ? credentials.secret : nil,
            isInsecureCertificate: plan.tls != nil
        )
        FileHandleOutput.standardOutput(message.text)
    }

    private func logger(clock: SystemClock) -> Logger {
        let isJSON = plan.isLogJSON
        var logger = Logger(label: "postrider") { label in
            isJSON
                ? JSONLogHandler(label: label) { clock.now.milliseconds } as any LogHandler
                : TextLogHandler(label: label) { clock.now.milliseconds }
        }
        logger.logLevel = plan.logLevel
        return logger
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/")
            ? path
            : FileManager.default.currentDirectoryPath + "/" + (path.hasPrefix("./") ? String(path.dropFirst(2)) : path)
    }
}

/// What goes on only while the server listens: delivering, and what looks after jobs.
///
/// Before that a delivery to this server's own jobs would fail for nothing, and cost a retry.
private struct WhileListening: Service {
    let dispatcher: any Service
    let applications: ApplicationHost

    func run() async throws {
        guard let services = try await applications.services() else { return }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in [dispatcher] + services { group.addTask { try await service.run() } }
            try await group.waitForAll()
        }
        // They may have ended before it was their turn to stop.
        try await gracefulShutdown()
    }
}

/// Whether the server takes work: from when it listens until it is told to stop.
private final class Readiness: Service {
    private let state = Mutex(false)
    private let onStop: @Sendable () -> Void

    /// - Parameter onStop: Called at once when the process is told to stop, before anything else ends.
    init(onStop: @escaping @Sendable () -> Void) {
        self.onStop = onStop
    }

    var value: Bool { state.withLock { $0 } }

    func set(_ isReady: Bool) { state.withLock { $0 = isReady } }

    func run() async throws {
        try await gracefulShutdown()
        set(false)
        onStop()
    }
}
