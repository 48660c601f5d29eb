import PostriderCore
import PostriderSimulation
import QStashWire
import Synchronization

@testable import PostriderBroker

/// A broker on virtual time: scripts wait on its clock, which moves on whenever nothing can run.
struct BrokerBench: Sendable {
    /// Long enough for everything a script waits for.
    private static let patienceMilliseconds: Int64 = 30 * 86_400_000

    let driver: SimulationDriver
    let store: MemoryStore
    let life: SimulatedLife
    private let random: SeededRandom

    var clock: VirtualClock { driver.clock }
    var broker: Broker { life.broker }
    var arrivals: [ScriptedDestination.Arrival] { life.destination.arrivals }

    /// - Parameters:
    ///   - before: The life before this one, whose store and clock go on; nil begins anew.
    ///   - readMilliseconds: How long each read of waiting entries takes.
    init(
        after before: BrokerBench? = nil,
        settings: Broker.Settings = Broker.Settings(),
        failing faults: FaultPlan = .none,
        readMilliseconds: Int64 = 0,
        script: @escaping @Sendable (DeliveryRequest) -> ScriptedDestination.Reply = { _ in .status(200) }
    ) {
        random = before?.random ?? SeededRandom(seed: 29)
        driver = before?.driver ?? SimulationDriver(random: random)
        store = before?.store ?? MemoryStore(storeID: StoreID(rawValue: 7))
        life = SimulatedLife(
            store: LateReadStore(wrapped: store, clock: driver.clock, readMilliseconds: readMilliseconds),
            faults: faults,
            clock: driver.clock,
            random: random,
            isAfterUncleanStop: before != nil,
            settings: settings,
            script: script
        )
    }

    /// Runs a script beside the broker's deliveries.
    func run<Value: Sendable>(_ script: @escaping @Sendable (BrokerBench) async throws -> Value) async throws -> Value {
        try await SimulationDriver.onOwnThread {
            let result = Mutex<Result<Value, any Error>?>(nil)
            let dispatcher = broker.dispatcher
            let service = Task(executorPreference: driver.executor) { try await dispatcher.run() }
            let task = Task(executorPreference: driver.executor) {
                do {
                    let value = try await script(self)
                    result.withLock { $0 = .success(value) }
                } catch {
                    result.withLock { $0 = .failure(error) }
                }
            }
            let end = clock.now.adding(milliseconds: Self.patienceMilliseconds)
            _ = driver.run(until: end) { result.withLock { $0 == nil } }
            service.cancel()
            task.cancel()
            _ = driver.executor.runUntilIdle()
            guard let value = result.withLock({ $0 }) else {
                throw StoreError(.unavailable, detail: "the script waits for what never comes")
            }
            return try value.get()
        }
    }

    /// Waits on the virtual clock.
    func wait(milliseconds: Int64) async throws {
        try await clock.sleep(until: clock.now.adding(milliseconds: milliseconds))
    }

    /// Publishes one message; its receipt's key.
    @discardableResult
    func publish(
        _ url: String = "https://one.test/hook",
        body: String = "hello",
        _ change: @Sendable (inout PublishOptions) throws -> Void = { _ in }
    ) async throws -> MessageKey {
        let request = try SimulatedPublish.request(url: url, body: Array(body.utf8), change)
        guard let receipt = try await broker.acceptor.accept([request]).first?.get() else {
            throw StoreError(.unavailable, detail: "nothing was accepted")
        }
        return receipt.id.key
    }

    /// The states of a message's log, the earliest first.
    func states(of key: MessageKey) async throws -> [Event.State] {
        let filter = EventFilter(account: .standard, messages: [key], states: nil, isLatestFirst: false)
        return try await broker.events.page(filter, from: nil, count: 100, bodyBytesMax: 0).events.map(\.state)
    }

    /// The entries of the dead letter queue.
    func deadLetters() async throws -> [DeadLetter] {
        try await broker.deadLetters.page(DeadLetterQuery(account: .standard, limit: 100)).deadLetters
    }
}
