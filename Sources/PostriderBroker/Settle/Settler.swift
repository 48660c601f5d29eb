package import Logging
package import PostriderCore
import Synchronization

/// Stores what an attempt came to, and tells the scheduler what follows.
package final class Settler: Sendable {
    private let store: any MessageStore
    private let scheduler: Scheduler
    private let clock: any BrokerClock
    private let logger: Logger
    private let failingCount = Mutex(0)

    private static let retryMilliseconds: Int64 = 250

    package init(store: any MessageStore, scheduler: Scheduler, clock: any BrokerClock, logger: Logger) {
        self.store = store
        self.scheduler = scheduler
        self.clock = clock
        self.logger = logger
    }

    /// Stores the settlement, however long that takes; while it cannot be stored, nothing new starts (decision 27).
    ///
    /// - Returns: What was stored; nil when the message was gone, or when the broker stopped first, which leaves the message due.
    func settle(_ settlement: Settlement, of message: Message) async -> Settlement? {
        var isFailing = false
        defer { if isFailing { changeFailing(by: -1) } }
        while true {
            do {
                let result = try await store.settle(settlement, fence: .exclusive)
                return ended(result, message: message)
            } catch  where error.code == .fenced {
                // Another node owns the message now, and its result counts.
                return ended(.gone, message: message)
            } catch {
                logger.error("storing an outcome failed", metadata: ["error": "\(error)"])
                if !isFailing {
                    isFailing = true
                    changeFailing(by: 1)
                }
            }
            do {
                try await clock.sleep(until: clock.now.adding(milliseconds: Self.retryMilliseconds))
            } catch {
                return nil
            }
        }
    }

    private func ended(_ result: SettleResult, message: Message) -> Settlement? {
        guard case .settled(let stored) = result else {
            scheduler.attemptEnded(message.key, next: nil, added: [])
            return nil
        }
        let next = stored.attempt.nextDue.map { due in
            PendingEntry(key: message.key, due: due, retried: stored.attempt.retried + 1, lane: message.lane)
        }
        scheduler.attemptEnded(message.key, next: next, added: stored.newMessages)
        return stored
    }

    private func changeFailing(by change: Int) {
        // Told under the lock: two settlements that recover at once must not overtake each other.
        failingCount.withLock { count in
            count += change
            scheduler.setSuspended(count > 0)
        }
    }
}
