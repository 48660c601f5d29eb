package import Logging
package import PostriderCore
import QStashWire

/// Carries one claim through: body, signature, exchange, settlement.
package struct Deliverer: Sendable {
    private let planner: DeliveryPlanner
    private let settlements = SettlementPlanner()
    private let transport: any DeliveryTransport
    private let store: any MessageStore
    private let settler: Settler
    private let scheduler: Scheduler
    private let keyring: SigningKeyring
    private let keys: KeyGenerator
    private let clock: any BrokerClock
    private let random: any RandomSource
    private let open: OpenAttempts
    private let metrics: BrokerMetrics
    private let logger: Logger

    package init(
        planner: DeliveryPlanner,
        transport: any DeliveryTransport,
        store: any MessageStore,
        settler: Settler,
        scheduler: Scheduler,
        keyring: SigningKeyring,
        keys: KeyGenerator,
        clock: any BrokerClock,
        random: any RandomSource,
        open: OpenAttempts,
        metrics: BrokerMetrics,
        logger: Logger
    ) {
        self.planner = planner
        self.transport = transport
        self.store = store
        self.settler = settler
        self.scheduler = scheduler
        self.keyring = keyring
        self.keys = keys
        self.clock = clock
        self.random = random
        self.open = open
        self.metrics = metrics
        self.logger = logger
    }

    /// Makes the attempt the claim stands for; returns when it is settled, or cut by a stop.
    func deliver(_ claim: Claim) async {
        guard let message = claim.message else { preconditionFailure("claim without message") }
        let prepared: (body: [UInt8], key: SigningKey)
        do {
            prepared = (try await body(of: message), try await keyring.signingKey(of: message.account))
        } catch {
            logger.error("preparing a delivery failed", metadata: ["error": "\(error)"])
            try? await clock.sleep(until: clock.now.adding(milliseconds: 1_000))
            scheduler.retryClaim(claim)
            return
        }
        let startedAt = clock.now
        let request = planner.request(
            message: message,
            body: prepared.body,
            retried: claim.retried,
            now: startedAt,
            key: prepared.key,
            tokenID: random.text(count: 20)
        )
        open.begin(message, at: startedAt, key: keys.next())
        let outcome = await transport.send(request)
        open.end(message.key)
        // The broker is stopping: the outcome is unknown, so nothing is settled and the message is due again.
        if case .failed(let failure) = outcome, failure.code == .abandoned { return }
        let endedAt = clock.now
        let settlement = settlements.plan(
            message: message,
            retried: claim.retried,
            startedAt: startedAt,
            endedAt: endedAt,
            outcome: outcome,
            nextKey: keys.next
        )
        guard let stored = await settler.settle(settlement, of: message) else { return }
        metrics.attemptEnded(stored.attempt, outcome: outcome, message: message)
        if stored.attempt.verdict != .delivered, logger.logLevel <= .debug {
            logger.debug(
                "delivery failed",
                metadata: [
                    "message.key": "\(message.key.rawValue)",
                    "status": "\(stored.attempt.status)",
                    "retried": "\(claim.retried)",
                    "verdict": "\(stored.attempt.verdict)",
                ]
            )
        }
    }

    private func body(of message: Message) async throws(StoreError) -> [UInt8] {
        switch message.body {
        case .bytes(let bytes):
            return bytes
        case .callback(let source):
            return try await CallbackReader(store: store).body(of: source, account: message.account)
        case .omitted:
            preconditionFailure("a message that is delivered was read without its body")
        }
    }
}
