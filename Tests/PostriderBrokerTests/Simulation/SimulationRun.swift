import PostriderCore
import PostriderSimulation
import QStashWire
import Synchronization

@testable import PostriderBroker

/// A seeded run: publishers, cancels, failing and slow destinations, store errors, and crashes between any two steps.
struct SimulationRun: Sendable {
    let seed: UInt64
    private let random: SeededRandom
    private let driver: SimulationDriver
    private let store: MemoryStore
    private let ledger = SimulatedLedger()
    private let leaks = LeakCount()

    private static let messagesPerLife = 24
    private static let crashesMax = 3
    private static let origins = ["https://one.test", "https://two.test:8443", "http://slow.test"]
    /// Long enough for the default back-off of every retry.
    private static let patienceMilliseconds: Int64 = 40 * 86_400_000

    init(seed: UInt64) {
        self.seed = seed
        self.random = SeededRandom(seed: seed)
        self.driver = SimulationDriver(random: random)
        self.store = MemoryStore(storeID: StoreID(rawValue: seed))
    }

    /// Everything that was seen, for comparing two runs of one seed, and every promise that was broken.
    struct Outcome: Sendable {
        var trace: [String]
        var violations: [String]
        var acceptedCount: Int
    }

    func run() -> Outcome {
        var trace: [String] = []
        var violations: [String] = []
        let crashCount = Int(random.next() % UInt64(Self.crashesMax + 1))
        for life in 0...crashCount {
            let isLast = life == crashCount
            let seen = live(number: life, isLast: isLast)
            trace += seen.destination.arrivals.map { arrival in
                "\(arrival.at.milliseconds) \(arrival.header("Upstash-Message-Id") ?? "") \(arrival.header("Upstash-Retried") ?? "")"
            }
            violations += seen.destination.doublyOpened.map { "two attempts of \($0) were open at once" }
            for origin in Self.origins
            where seen.destination.openMax(origin: origin) > settings.scheduler.openPerLaneMax {
                violations.append("more open to \(origin) than the cap allows")
            }
            violations += lateStarts(seen.destination.arrivals, life: life)
            if isLast, !seen.isFinished { violations.append("work was left when the run ended: \(seen.state)") }
        }
        if leaks.count > 0 { violations.append("lanes were left in memory without work") }
        violations += SimulationChecks(store: store, ledger: ledger, lifeCount: crashCount + 1).violations()
        return Outcome(trace: trace, violations: violations, acceptedCount: ledger.accepted.count)
    }

    private var settings: Broker.Settings {
        var settings = Broker.Settings()
        // Small bounds, so that every one of them is met.
        settings.scheduler.openMax = 12
        settings.scheduler.openPerLaneMax = 4
        settings.scheduler.horizonMax = 8
        settings.scheduler.readyPerLaneMax = 4
        settings.scheduler.readyMax = 10
        settings.scheduler.loadMax = 4
        settings.scheduler.windowBytesMax = 4_096
        settings.deliveryBytesMax = 256
        settings.drainSeconds = 5
        return settings
    }

    private struct Life {
        var destination: ScriptedDestination
        var isFinished: Bool
        /// Where a life that did not finish stood.
        var state: String
    }

    private func live(number: Int, isLast: Bool) -> Life {
        let faults = FaultPlan.seeded(SeededRandom(seed: random.next()), perThousand: isLast ? 10 : 40)
        let destinationSeed = random.next()
        let life = SimulatedLife(
            store: store,
            faults: faults,
            clock: driver.clock,
            random: random,
            isAfterUncleanStop: number > 0,
            settings: settings,
            script: { Self.reply(to: $0, seed: destinationSeed) }
        )
        let hasPublished = Mutex(false)
        let broker = life.broker
        let service = Task(executorPreference: driver.executor) { try await broker.dispatcher.run() }
        let publisher = Task(executorPreference: driver.executor) {
            await publish(through: life, number: number)
            hasPublished.withLock { $0 = true }
        }
        let crashAt = isLast ? UInt64.max : 1 + random.next() % 200
        var moves: UInt64 = 0
        let end = driver.clock.now.adding(milliseconds: Self.patienceMilliseconds)
        let store = self.store
        let isFinished = driver.run(until: end) {
            if life.crash.isThrown { return false }
            return !(hasPublished.withLock { $0 } && store.waitingCount == 0 && broker.scheduler.isQuiet)
        } beforeEachMove: {
            moves += 1
            if moves >= crashAt { life.crash.crash() }
        }
        let scheduler = broker.scheduler
        let state =
            "\(store.waitingCount) wait, \(scheduler.startableCount) startable, \(scheduler.openCount) open, "
            + "now \(driver.clock.now.milliseconds), next \(driver.clock.nextWake?.milliseconds ?? 0)"
        // Entries of cancelled messages are dropped when their time comes; then nothing may be left.
        let settled = driver.clock.now.adding(milliseconds: 86_400_000)
        if isFinished, !life.crash.isThrown, !driver.run(until: settled, while: { scheduler.laneCount > 0 }) {
            leaks.add()
        }
        // The process ends, one way or the other: what it still runs has no effect any more.
        life.crash.crash()
        service.cancel()
        publisher.cancel()
        _ = driver.executor.runUntilIdle()
        return Life(destination: life.destination, isFinished: isFinished, state: state)
    }

    private func publish(through life: SimulatedLife, number lifeNumber: Int) async {
        for number in 0..<Self.messagesPerLife {
            try? await driver.clock.sleep(until: driver.clock.now.adding(milliseconds: Int64(random.next() % 3_000)))
            let retriesMax = Int(random.next() % 4)
            let deduplicationID = random.next() % 4 == 0 ? "id-\(random.next() % 3)" : nil
            let hasCallback = random.next() % 3 == 0
            guard
                let request = try? SimulatedPublish.request(
                    url: Self.origins[Int(random.next() % UInt64(Self.origins.count))] + "/\(number)",
                    body: Array(repeating: UInt8(ascii: "x"), count: Int(random.next() % 128)),
                    { options in
                        options.retries = retriesMax
                        options.deduplicationID = deduplicationID
                        options.delaySeconds = random.next() % 2 == 0 ? Int64(random.next() % 600) : nil
                        options.timeoutSeconds = 30
                        if random.next() % 2 == 0 {
                            options.retryDelay = try RetryDelayExpression(parsing: "1000 * (1 + retried)")
                        }
                        let callback = CallbackOptions(url: try DestinationURL(parsing: "https://callback.test/done"))
                        if hasCallback { options.callback = callback }
                        if random.next() % 3 == 0 { options.failureCallback = callback }
                    }
                )
            else { continue }
            if let receipt = try? await life.broker.acceptor.accept([request]).first?.get(), !life.crash.isThrown {
                ledger.note(
                    receipt,
                    retriesMax: retriesMax,
                    deduplicationID: deduplicationID,
                    hasCallback: hasCallback
                )
            }
            if random.next() % 6 == 0, let key = ledger.any(random.next()) {
                await cancel(key, in: life, number: lifeNumber)
            }
        }
    }

    private func cancel(_ key: MessageKey, in life: SimulatedLife, number: Int) async {
        guard let result = try? await life.broker.canceller.cancel([key], account: .standard).first,
            result != .notFound, !life.crash.isThrown
        else { return }
        let arrivals = life.destination.arrivals.count
        ledger.note(SimulatedLedger.Cancel(life: number, arrivals: arrivals, wasOpen: result == .requested), of: key)
    }

    /// Requests that started after their message's cancel was confirmed.
    ///
    /// An attempt that was claimed before the cancel may still reach the destination, once and in that life.
    private func lateStarts(_ arrivals: [ScriptedDestination.Arrival], life: Int) -> [String] {
        ledger.cancels.sorted { $0.key < $1.key }.compactMap { key, cancel in
            guard cancel.life <= life else { return nil }
            let id = MessageID(key: key, store: store.storeID).description
            let isSameLife = cancel.life == life
            let late = arrivals.dropFirst(isSameLife ? cancel.arrivals : 0).count {
                $0.header("Upstash-Message-Id") == id
            }
            let allowed = isSameLife && cancel.wasOpen ? 1 : 0
            return late > allowed ? "\(id) started \(late) times after its cancel was confirmed" : nil
        }
    }

    /// The destination's answer: chosen by the seed, the message and the attempt, so that it does not depend on the order.
    private static func reply(to request: DeliveryRequest, seed: UInt64) -> ScriptedDestination.Reply {
        var hash = seed
        for field in request.headers where field.isNamed("Upstash-Message-Id") || field.isNamed("Upstash-Retried") {
            for byte in field.value.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        }
        let isSlow = request.url.host == "slow.test"
        let delay = Int64(hash >> 8 & 0xfff) * (isSlow ? 20 : 1)
        switch (hash >> 32) % 20 {
        case 0..<10: return .status(200, afterMilliseconds: delay)
        case 10..<15: return .status(500, afterMilliseconds: delay)
        case 15: return .status(429, headers: [HeaderField(name: "Retry-After", value: "7")], afterMilliseconds: delay)
        case 16:
            let header = HeaderField(name: "Upstash-NonRetryable-Error", value: "true")
            return .status(489, headers: [header], afterMilliseconds: delay)
        default:
            let failure = AttemptFailure(code: .connectionRefused, detail: "connection refused")
            return ScriptedDestination.Reply(afterMilliseconds: delay, outcome: .failed(failure))
        }
    }
}

/// Lives that ended with lanes in memory although nothing waited.
private final class LeakCount: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    func add() { value.withLock { $0 += 1 } }
}
