package import Logging
package import PostriderCore
import ServiceLifecycle

/// Starts what the scheduler decides: attempts, each in a task of its own, and reads from the store.
///
/// On graceful shutdown it starts nothing new and waits for what is under way, at most for `drainSeconds`; what is open then
/// is cut and due again.
package struct Dispatcher: Service, CustomStringConvertible {
    private let scheduler: Scheduler
    private let deliverer: Deliverer
    private let canceller: Canceller
    private let budget: ByteBudget
    private let store: any MessageStore
    private let clock: any BrokerClock
    private let alarm: Alarm
    private let drainSeconds: Int64
    private let logger: Logger
    private let draining = Wakeup()

    /// How long a failed read of the store is left alone before it is tried again.
    private static let readRetryMilliseconds: Int64 = 1_000
    /// Messages read at once: with the largest bodies this is what memory may exceed the budget by.
    private static let readMax = 16

    package init(
        scheduler: Scheduler,
        deliverer: Deliverer,
        canceller: Canceller,
        budget: ByteBudget,
        store: any MessageStore,
        clock: any BrokerClock,
        drainSeconds: Int64,
        logger: Logger
    ) {
        self.scheduler = scheduler
        self.deliverer = deliverer
        self.canceller = canceller
        self.budget = budget
        self.store = store
        self.clock = clock
        self.alarm = Alarm(clock: clock, target: scheduler.wakeup)
        self.drainSeconds = drainSeconds
        self.logger = logger
    }

    package func run() async throws {
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await dispatch() }
                group.addTask { await endDrain() }
                await group.next()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            drain()
        }
    }

    /// The name under which the service group logs it.
    package var description: String { "Dispatcher" }

    /// Stops starting attempts; ``run()`` returns when those under way have ended or the bound has passed.
    package func drain() {
        scheduler.drain()
        draining.raise()
        scheduler.wakeup.raise()
    }

    private func dispatch() async {
        await withTaskGroup(of: Void.self) { timers in
            timers.addTask { await alarm.run() }
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    let step = scheduler.step()
                    start(step, in: &group)
                    if step.isDrained { break }
                    alarm.set(step.wakeAt)
                    await scheduler.wakeup.wait()
                }
            }
            timers.cancelAll()
        }
    }

    private func start(_ step: SchedulerStep, in group: inout DiscardingTaskGroup) {
        var unread: [Claim] = []
        for claim in step.claims {
            if let message = claim.message {
                launch(claim, message, in: &group)
            } else {
                unread.append(claim)
            }
        }
        if !unread.isEmpty {
            group.addTask { [unread] in await readAndDeliver(unread) }
        }
        if let load = step.horizonLoad {
            group.addTask { await read(load) }
        }
        for load in step.laneLoads {
            group.addTask { await read(load) }
        }
    }

    /// Delivers when there is room for the body among those under way, now or later.
    ///
    /// Whoever has to wait waits without its message: a task would keep the body in memory for as long as it runs.
    private func launch(_ claim: Claim, _ message: Message, in group: inout DiscardingTaskGroup) {
        let bytes = message.bodyByteCount
        let lane = message.lane.name
        if budget.tryAcquire(bytes, lane: lane) {
            group.addTask {
                await deliverer.deliver(claim)
                budget.release(bytes, lane: lane)
            }
        } else {
            let bare = Claim(key: claim.key, due: claim.due, retried: claim.retried, message: nil)
            group.addTask { await deliverLater(bare, bytes, lane) }
        }
    }

    /// Reads the messages of claims, a few at a time, and delivers those whose entry is still the one that was claimed.
    private func readAndDeliver(_ claims: [Claim]) async {
        await withDiscardingTaskGroup { group in
            var rest = claims[...]
            while !rest.isEmpty {
                let chunk = rest.prefix(Self.readMax)
                rest = rest.dropFirst(Self.readMax)
                for (claim, message) in await read(Array(chunk)) {
                    launch(claim, message, in: &group)
                }
            }
        }
    }

    /// Waits for room, then reads the message and delivers it.
    private func deliverLater(_ claim: Claim, _ bytes: Int, _ lane: String) async {
        guard await budget.acquire(bytes, lane: lane) else { return }
        defer { budget.release(bytes, lane: lane) }
        for (claim, _) in await read([claim]) { await deliverer.deliver(claim) }
    }

    /// The messages of claims that still stand; the others are given back or dropped.
    private func read(_ claims: [Claim]) async -> [(Claim, Message)] {
        let waiting: [WaitingMessage]
        do {
            waiting = try await store.load(claims.map(\.key))
        } catch {
            logger.error("reading due messages failed", metadata: ["error": "\(error)"])
            await pause()
            for claim in claims { scheduler.retryClaim(claim) }
            return []
        }
        let byKey = Dictionary(waiting.map { ($0.entry.key, $0) }) { first, _ in first }
        var standing: [(Claim, Message)] = []
        for claim in claims {
            guard let found = byKey[claim.key], found.entry.due == claim.due else {
                // A copy of an entry that has moved on: where it stands now is what counts, if it is still there.
                scheduler.attemptEnded(claim.key, next: byKey[claim.key]?.entry, added: [])
                continue
            }
            guard !found.isCancelRequested else {
                // The request was stored while an attempt was open, and that attempt left the message waiting.
                await canceller.finish(claim, account: found.message.account)
                continue
            }
            let message = found.message
            standing.append(
                (Claim(key: claim.key, due: claim.due, retried: found.entry.retried, message: message), message)
            )
        }
        return standing
    }

    private func read(_ load: HorizonLoad) async {
        do {
            let entries = try await store.pending(in: .all, fence: .exclusive, after: load.after, limit: load.limit)
            scheduler.loaded(entries, for: load)
        } catch {
            logger.error("reading waiting messages failed", metadata: ["error": "\(error)"])
            await pause()
            scheduler.loaded(nil, for: load)
        }
    }

    private func read(_ load: LaneLoad) async {
        do {
            let entries = try await store.pending(in: load.lane, fence: .exclusive, from: load.from, limit: load.limit)
            scheduler.loaded(entries, for: load)
        } catch {
            logger.error("reading a lane failed", metadata: ["error": "\(error)"])
            await pause()
            scheduler.loaded(nil, for: load)
        }
    }

    private func pause() async {
        // A cancelled pause ends early, which is what a stop wants.
        try? await clock.sleep(until: clock.now.adding(milliseconds: Self.readRetryMilliseconds))
    }

    private func endDrain() async {
        await draining.wait()
        try? await clock.sleep(until: clock.now.adding(milliseconds: drainSeconds * 1_000))
        if !scheduler.isQuiet {
            logger.notice(
                "deliveries under way were cut and are due again",
                metadata: ["count": "\(scheduler.openCount)"]
            )
        }
    }
}
