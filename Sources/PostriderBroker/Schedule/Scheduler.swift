package import PostriderCore
import Synchronization

/// The shell around ``SchedulerState``: one lock, held only while it decides, and a wake-up for the dispatcher.
package final class Scheduler: Sendable {
    private let state: Mutex<SchedulerState>
    private let clock: any BrokerClock
    let wakeup = Wakeup()

    package init(limits: SchedulerLimits, clock: any BrokerClock, isAfterUncleanStop: Bool) {
        self.clock = clock
        self.state = Mutex(SchedulerState(limits: limits, uncleanStart: isAfterUncleanStop ? clock.now : nil))
    }

    /// Messages that wait for nothing but the broker itself.
    package var startableCount: Int { state.withLock { $0.startableCount } }

    /// Attempts under way.
    package var openCount: Int { state.withLock { $0.openCount } }

    /// Lanes with work in memory.
    var laneCount: Int { state.withLock { $0.laneCount } }

    /// True when nothing is under way.
    package var isQuiet: Bool { state.withLock { $0.isQuiet } }

    /// Takes in messages that the store has just accepted.
    package func add(_ messages: [Message]) {
        let now = clock.now
        state.withLock { state in
            for message in messages {
                let entry = PendingEntry(key: message.key, due: message.notBefore, retried: 0, lane: message.lane)
                state.add(entry, message: message, now: now)
            }
        }
        wakeup.raise()
    }

    /// Frees a claim's slot and takes in what follows from it.
    ///
    /// - Parameters:
    ///   - next: The message's next entry; nil when it has ended or the claim was stale.
    ///   - added: Messages the settlement stored.
    func attemptEnded(_ key: MessageKey, next: PendingEntry?, added: [Message]) {
        let now = clock.now
        state.withLock { state in
            state.attemptEnded(key, next: next, now: now)
            for message in added {
                let entry = PendingEntry(key: message.key, due: message.notBefore, retried: 0, lane: message.lane)
                state.add(entry, message: message, now: now)
            }
        }
        wakeup.raise()
    }

    /// Gives a claim back that could not be prepared.
    func retryClaim(_ claim: Claim) {
        let now = clock.now
        state.withLock { $0.returnClaim(claim, now: now) }
        wakeup.raise()
    }

    /// Holds messages back while a cancel is decided; see ``SchedulerState/withhold(_:)``.
    func withhold(_ keys: [MessageKey]) -> Set<MessageKey> { state.withLock { $0.withhold(keys) } }

    /// Ends the holding back; see ``SchedulerState/release(_:isRemoved:now:)``.
    func release(_ key: MessageKey, isRemoved: Bool) {
        let now = clock.now
        state.withLock { $0.release(key, isRemoved: isRemoved, now: now) }
        wakeup.raise()
    }

    /// Reads everything that waits anew when a failed write may have been stored after all.
    func rescan(after error: StoreError) {
        guard error.code == .uncertain else { return }
        state.withLock { $0.rescan() }
        wakeup.raise()
    }

    /// While suspended nothing starts: outcomes could not be stored.
    func setSuspended(_ isSuspended: Bool) {
        state.withLock { $0.setSuspended(isSuspended) }
        wakeup.raise()
    }

    /// Starts nothing any more.
    package func drain() {
        state.withLock { $0.drain() }
        wakeup.raise()
    }

    /// What to do now.
    func step() -> SchedulerStep {
        let now = clock.now
        return state.withLock { $0.step(now: now) }
    }

    /// Takes in a page of the horizon; nil when the read failed.
    func loaded(_ entries: [PendingEntry]?, for load: HorizonLoad) {
        state.withLock { $0.loaded(entries, for: load) }
        wakeup.raise()
    }

    /// Takes in a page of one lane; nil when the read failed.
    func loaded(_ entries: [PendingEntry]?, for load: LaneLoad) {
        let now = clock.now
        state.withLock { $0.loaded(entries, for: load, now: now) }
        wakeup.raise()
    }
}
