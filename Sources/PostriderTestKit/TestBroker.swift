import PostriderAPI
import PostriderCore
import PostriderSimulation
public import QStash

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A whole Postrider in the process of a test, on time that passes only when the test says so, with scripted destinations.
///
/// ```swift
/// @Test func anOrderIsRetriedUntilTheShopIsBack() async throws {
///     let broker = TestBroker()
///     broker.answer("https://shop.test/orders", with: .status(503), .refused, .ok)
///
///     try await broker.client.publish(.json(["order": 7]), to: "https://shop.test/orders")
///     try await broker.settle(within: .seconds(86_400))
///
///     let deliveries = broker.deliveries(to: "https://shop.test/orders")
///     #expect(deliveries.map(\.elapsed) == [.zero, .milliseconds(12_182), .milliseconds(160_595)])
///     #expect(try deliveries[2].decode(as: [String: Int].self) == ["order": 7])
///     try deliveries[2].verify()
/// }
/// ```
///
/// What accepts, schedules, signs, delivers and settles is what the server runs, over a store in memory; only the clock, the
/// network and the disk are replaced. There is no socket, no thread that waits and no port to choose, so any number of brokers
/// may run in parallel tests, and three days of retries take milliseconds.
///
/// A message is accepted when it is published, and delivered only while ``advance(by:)``, ``advance(to:)`` or
/// ``settle(within:)`` runs, what is due at once too. Every destination can be reached, private addresses included, and no name is looked
/// up. A destination without an answer of its own answers 200.
///
/// Two runs with the same seed deliver in the same order with the same ids, as long as handlers run on no executor of their own, such as
/// the main actor or a task made with `Task {}`, and the test makes its calls one after another.
///
/// All functions may be called from any task. A broker ends when it is released; see ``shutDown()`` for when that is not enough.
public final class TestBroker: Sendable {
    /// A client of this broker with the rights to everything.
    ///
    /// Calls are answered at the present moment, whether or not time is moving, and are not repeated. It may be used in a
    /// handler. After its broker is released it still publishes, but nothing is ever delivered.
    public let client: QStashClient

    /// Verifies deliveries at the present moment, with ``signingKeys``.
    ///
    /// A signature runs out minutes after the attempt: for deliveries looked at later there is ``TestDelivery/verify()``.
    public let receiver: QStashReceiver

    /// The way to this broker, for a client made elsewhere, such as by the code under test.
    ///
    /// Whatever address that client has, its calls are answered here.
    public let transport: any QStashTransport

    /// The address of ``client``; it exists nowhere.
    public let baseURL: String

    /// The token of ``client``.
    public let token: String

    /// The signing keys that the broker begins with; `client.signingKeys` tells and rotates those in force.
    public let signingKeys: SigningKeyPair

    let answers: AnswerTable
    let engine: TestBrokerEngine
    /// What servers of jobs draw from.
    let jobRandom: SeededRandom
    private let context: TestDelivery.Context

    /// 2026-01-01T00:00:00Z, a Thursday: when a broker begins unless it is told otherwise.
    public static let standardBegin = Date(timeIntervalSince1970: 1_767_225_600)

    /// A broker without messages.
    ///
    /// - Parameters:
    ///   - begin: What the clock shows at first, to the millisecond; from 1970 to 2089.
    ///   - seed: Decides ids, tokens, and the order of what happens at one moment. Another seed is another order that production may
    ///     show: a test that holds for many holds for more.
    public init(startingAt begin: Date = TestBroker.standardBegin, seed: UInt64 = 1) {
        guard let begin = Timestamp(begin) else { preconditionFailure("a test broker cannot begin at \(begin)") }
        let identity = TestIdentity(seed: seed)
        let clock = VirtualClock(now: begin)
        let driver = SimulationDriver(random: SeededRandom(seed: seed), clock: clock)
        let keys = SigningKeyPair(current: identity.signingKeys.current, next: identity.signingKeys.next)
        let context = TestDelivery.Context(begin: begin, keys: keys)
        let answers = AnswerTable(executor: driver.executor, context: context)
        // Weak, so that a handler may hold a client, which holds the engine.
        let engine = TestBrokerEngine(identity.configuration, driver: driver) { [weak answers] request in
            await answers?.reply(to: request, at: clock.now) ?? .gone
        }
        let transport = InProcessTransport(engine: engine)
        do {
            self.client = try QStashClient(
                token: identity.token,
                baseURL: TestIdentity.baseURL,
                configuration: QStashClient.Configuration(retry: .never),
                transport: transport
            )
            self.receiver = try QStashReceiver(
                currentSigningKey: keys.current,
                nextSigningKey: keys.next,
                now: { clock.now.date }
            )
        } catch {
            preconditionFailure("the test broker's own configuration: \(error)")
        }
        self.transport = transport
        self.baseURL = TestIdentity.baseURL
        self.token = identity.token
        self.signingKeys = context.keys
        self.answers = answers
        self.engine = engine
        // Not the numbers that the broker, the executor and the identity draw.
        self.jobRandom = SeededRandom(seed: seed.byteSwapped &+ 1)
        self.context = context
    }

    deinit {
        engine.stop()
    }

    /// The settings of the code under test as environment variables: `QSTASH_URL`, `QSTASH_TOKEN` and the two signing keys.
    ///
    /// To be used together with ``transport``.
    public var environment: [String: String] {
        [
            "QSTASH_URL": baseURL,
            "QSTASH_TOKEN": token,
            "QSTASH_CURRENT_SIGNING_KEY": signingKeys.current,
            "QSTASH_NEXT_SIGNING_KEY": signingKeys.next,
        ]
    }

    /// What was delivered, callbacks and failed attempts included, in the order of arrival.
    public var deliveries: [TestDelivery] {
        engine.destination.arrivals.map { TestDelivery($0.request, at: $0.at, context) }
    }

    /// What was delivered to a URL and to all that begin with it, as ``answer(_:with:_:)`` understands it.
    ///
    /// Nothing, when no message could be sent to the URL.
    public func deliveries(to url: String) -> [TestDelivery] {
        guard let pattern = try? DestinationPattern(url) else { return [] }
        return engine.destination.arrivals.filter { pattern.matches($0.request.url) }
            .map { TestDelivery($0.request, at: $0.at, context) }
    }

    /// Empties ``deliveries``; messages, answers and time stay as they are.
    public func forgetDeliveries() {
        engine.destination.forgetArrivals()
    }

    /// The present moment of the broker's clock.
    public var now: Date { engine.now.date }

    /// The time that has passed since the broker began.
    public var elapsed: Duration { engine.now.duration(since: context.begin) }
}
