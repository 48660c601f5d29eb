import Logging
import Metrics
package import PostriderAPI
import PostriderAddressGuard
package import PostriderBroker
package import PostriderCore
package import PostriderSimulation
import Synchronization

/// A whole broker without a socket and on virtual time: what ``TestBroker`` and the broker's own tests stand on.
///
/// Requests are answered where they are made; deliveries happen only while ``advance(to:)`` or ``settle(until:)`` runs. Whoever makes an
/// engine calls ``stop()`` when it is done with it.
package final class TestBrokerEngine: Sendable {
    package let store: FaultyStore
    package let destination: ScriptedDestination
    package let broker: Broker
    /// The interface, for tests that put a server around it.
    package let service: APIService
    private let signingKeys: SigningKeyRecord.Pair?
    private let areKeysSeeded = Atomic(false)
    private let driver: SimulationDriver
    private let dispatching: Task<Void, any Error>
    private let turnstile = Turnstile()
    private let end: CrashSwitch
    private let deliveriesMax: Int

    /// - Parameters:
    ///   - driver: Gives clock and executor; nobody else may drive it.
    ///   - script: What each request to a destination is answered with, called on the driver's executor. What may go on elsewhere
    ///     is made through ``SeededExecutor/holding(_:)``.
    package init(
        _ configuration: Configuration,
        driver: SimulationDriver,
        script: @escaping @Sendable (DeliveryRequest) async -> ScriptedDestination.Reply
    ) {
        let logger = Logger(label: "test-broker") { _ in SwiftLogNoOpLogHandler() }
        let end = CrashSwitch()
        let store = FaultyStore(MemoryStore(storeID: configuration.storeID), crash: end)
        let destination = ScriptedDestination(clock: driver.clock, crash: end, script: script)
        let broker = Broker(
            settings: configuration.broker,
            store: store,
            transport: destination,
            clock: driver.clock,
            random: SeededRandom(seed: configuration.seed),
            isAfterUncleanStop: false,
            metricsFactory: NOOPMetricsHandler.instance,
            logger: logger
        )
        let isReady = configuration.isReady
        self.driver = driver
        self.end = end
        self.store = store
        self.destination = destination
        self.broker = broker
        self.deliveriesMax = configuration.deliveriesMax
        self.signingKeys = configuration.signingKeys
        self.service = APIService(
            broker: broker,
            gate: DestinationGate(
                policy: AddressPolicy(privateDestinations: configuration.privateDestinations),
                resolver: .system(),
                resolvesAtPublish: false,
                isPrivateByDefault: configuration.isPrivateByDefault
            ),
            tokens: TokenTable(configuration.tokens),
            settings: configuration.api,
            metricsText: { "up 1\n" },
            isReady: { isReady },
            logger: logger
        )
        let executor = driver.executor
        self.dispatching = Task(executorPreference: executor) { [dispatcher = broker.dispatcher] in
            // A task does not keep its executor alive.
            defer { withExtendedLifetime(executor) {} }
            try await dispatcher.run()
        }
    }

    /// The present moment.
    package var now: Timestamp { driver.clock.now }

    /// Waits until the clock has come to a moment; in a destination's handler time goes on meanwhile.
    func sleep(until moment: Timestamp, isBesideWork: Bool) async throws {
        let executor = driver.executor
        guard executor.isHeldByCaller, !isBesideWork else { return try await driver.clock.sleep(until: moment) }
        try await driver.clock.sleep(until: moment, onSleep: { executor.lend() }, onWake: { executor.takeBack() })
    }

    /// True when nothing waits and nothing is under way.
    package var isSettled: Bool {
        get async throws { try await store.pendingCount() == 0 && broker.scheduler.isQuiet }
    }

    /// True once ``shutDown()`` has begun.
    package var isShutDown: Bool { end.isThrown }

    /// Answers a request of the interface, at the present moment and where it is called.
    package func respond(to request: APIRequest) async -> APIResponse {
        // The given pair is in force before anybody can ask for one, or publish what is signed with one.
        if let signingKeys, !areKeysSeeded.load(ordering: .acquiring) {
            do {
                _ = try await broker.keyring.seed(.standard, with: signingKeys)
            } catch {
                return .error(APIError(error))
            }
            areKeysSeeded.store(true, ordering: .releasing)
        }
        return await service.respond(to: request)
    }

    /// Answers a request, and lets no time pass meanwhile; for requests that wait for nothing that takes time.
    package func respondAtOnce(to request: APIRequest) async -> APIResponse {
        await driver.executor.holding { await respond(to: request) }
    }

    /// Delivers what is due until a moment, and leaves the clock there.
    ///
    /// - Parameter moment: Gives the moment when it is this call's turn: calls that come at once run one after another.
    /// - Throws: ``TestKitError``, or `CancellationError`; the clock then stands where the call had come to.
    package func advance(to moment: (_ now: Timestamp) throws(TestKitError) -> Timestamp) async throws {
        try await takeTurn {
            let end = try moment(now)
            repeat { try await rest() } while driver.moveOn(until: end)
            driver.clock.advance(to: end)
            try await rest()
        }
    }

    /// Delivers until nothing waits any more, and leaves the clock at the moment of the last thing that happened.
    ///
    /// - Parameter moment: Gives the bound when it is this call's turn.
    /// - Throws: ``TestKitError`` with code `notSettled` when something waits at the bound, where the clock then stands; or
    ///   `CancellationError`.
    package func settle(until moment: (_ now: Timestamp) throws(TestKitError) -> Timestamp) async throws {
        try await takeTurn {
            let end = try moment(now)
            repeat {
                try await rest()
                if try await isSettled { return }
            } while driver.moveOn(until: end)
            driver.clock.advance(to: end)
            try await rest()
            if try await isSettled { return }
            throw try await notSettled()
        }
    }

    /// Ends everything without waiting for it; nothing is delivered any more.
    ///
    /// Calls of handlers that are under way are cancelled and end by themselves.
    package func stop() {
        dispatching.cancel()
        // What still waits is woken and ends.
        driver.executor.driveItself()
    }

    /// Ends everything and returns when nothing runs any more.
    ///
    /// From a handler it does not wait: the handler itself is what would be waited for.
    package func shutDown() async {
        end.crash()
        stop()
        if !driver.executor.isHeldByCaller { _ = await dispatching.result }
    }

    private func rest() async throws {
        guard !isShutDown else { throw TestKitError.shutDown }
        let countBefore = destination.arrivals.count
        // What waits already may all fall due at this moment; only what the moment itself brings about can be without end.
        let countMax = try await store.pendingCount() + deliveriesMax
        let isAtRest = try await driver.rest { destination.arrivals.count - countBefore > countMax }
        guard isAtRest else { throw TestKitError.endless(at: now) }
        guard !isShutDown else { throw TestKitError.shutDown }
    }

    private func takeTurn(_ body: () async throws -> Void) async throws {
        guard !driver.executor.isHeldByCaller else { throw TestKitError.drivenByHandler }
        try await turnstile.pass(body)
    }

    private func notSettled() async throws -> TestKitError {
        let entries = try await store.pending(in: .all, fence: .exclusive, after: nil, limit: TestKitError.waitingMax)
        let count = try await store.pendingCount()
        let waiting = try await store.load(entries.map(\.key)).sorted { $0.entry.position < $1.entry.position }
        return TestKitError.notSettled(waiting, count: count, at: now, storeID: store.storeID)
    }
}
