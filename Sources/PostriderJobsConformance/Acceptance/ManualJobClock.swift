import PostriderJobs
import Synchronization

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// A clock that stands still until it is told to go on.
package final class ManualJobClock: JobClock {
    private struct Sleeper {
        let deadline: Date
        /// Whether it only bounds something that is under way.
        let isBound: Bool
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct Waiter {
        let count: Int
        let isBound: Bool
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now: Date
        var sleepers: [Int: Sleeper] = [:]
        var waiters: [Waiter] = []
        var count = 0
        var cancelled: Set<Int> = []

        /// How many have nothing to do until the clock goes on, or how many only bound something that is under way.
        func count(bound isBound: Bool) -> Int { sleepers.values.count { $0.isBound == isBound } }
    }

    private let state: Mutex<State>

    /// A clock that shows a moment in whole seconds.
    package init(now: Date = Date(timeIntervalSince1970: 1_772_000_000)) {
        state = Mutex(State(now: now))
    }

    /// What it shows.
    package var now: Date { state.withLock { $0.now } }

    /// Waits until the clock has been told to go on far enough.
    package func sleep(for duration: Duration) async throws {
        let id = state.withLock { state in
            state.count += 1
            return state.count
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let ready = state.withLock { state -> [Waiter]? in
                    guard state.cancelled.remove(id) == nil else { return nil }
                    let deadline = state.now.addingTimeInterval(duration / .seconds(1))
                    state.sleepers[id] = Sleeper(
                        deadline: deadline,
                        isBound: JobClockUse.isBound,
                        continuation: continuation
                    )
                    let isBound = JobClockUse.isBound
                    let count = state.count(bound: isBound)
                    let ready = state.waiters.filter { $0.isBound == isBound && $0.count <= count }
                    state.waiters.removeAll { $0.isBound == isBound && $0.count <= count }
                    return ready
                }
                guard let ready else { return continuation.resume(throwing: CancellationError()) }
                for waiter in ready { waiter.continuation.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                if let sleeper = state.sleepers.removeValue(forKey: id) { return sleeper }
                state.cancelled.insert(id)
                return nil
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Goes on, and wakes who waits for what it shows then.
    package func advance(by duration: Duration) {
        let woken = state.withLock { state -> [Sleeper] in
            state.now = state.now.addingTimeInterval(duration / .seconds(1))
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.deadline < $1.deadline }
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    /// Returns when so many wait for the clock.
    package func untilAsleep(_ count: Int = 1) async { await until(count, isBound: false) }

    /// Returns when so many wait for the clock that only bound something that is under way.
    package func untilBound(_ count: Int = 1) async { await until(count, isBound: true) }

    private func until(_ count: Int, isBound: Bool) async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state -> Bool in
                guard state.count(bound: isBound) < count else { return true }
                state.waiters.append(Waiter(count: count, isBound: isBound, continuation: continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
    }
}
