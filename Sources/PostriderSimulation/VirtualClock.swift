import HeapModule
package import PostriderCore
import Synchronization

/// A clock that stands still until it is moved.
///
/// Who sleeps is woken in the order of the moments, then of going to sleep: the same run gives the same order.
package final class VirtualClock: BrokerClock {
    private struct Sleeper: Comparable {
        let wakesAt: Timestamp
        let id: UInt64
        let continuation: CheckedContinuation<Void, any Error>
        let onWake: @Sendable () -> Void

        func wake(_ result: Result<Void, any Error>) {
            onWake()
            continuation.resume(with: result)
        }

        static func == (left: Sleeper, right: Sleeper) -> Bool { left.id == right.id }

        static func < (left: Sleeper, right: Sleeper) -> Bool { (left.wakesAt, left.id) < (right.wakesAt, right.id) }
    }

    private struct State {
        var now: Timestamp
        var nextID: UInt64 = 0
        var sleepers = Heap<Sleeper>()
        /// Sleepers that were cancelled before they lay down.
        var cancelled: Set<UInt64> = []
    }

    private let state: Mutex<State>

    package init(now: Timestamp = Timestamp(milliseconds: 1_760_000_000_000)) {
        self.state = Mutex(State(now: now))
    }

    package var now: Timestamp { state.withLock { $0.now } }

    /// The earliest moment somebody sleeps until; nil when nobody sleeps.
    package var nextWake: Timestamp? { state.withLock { $0.sleepers.min?.wakesAt } }

    package func sleep(until moment: Timestamp) async throws {
        try await sleep(until: moment, onSleep: {}, onWake: {})
    }

    /// Sleeps, and tells of it.
    ///
    /// - Parameters:
    ///   - onSleep: Called once the clock knows of the sleeper; not when there is nothing to wait for.
    ///   - onWake: Called after that by who wakes the sleeper, before it runs.
    package func sleep(
        until moment: Timestamp,
        onSleep: @Sendable () -> Void,
        onWake: @escaping @Sendable () -> Void
    ) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(id) != nil || Task.isCancelled { return .failure(CancellationError()) }
                    guard moment > state.now else { return .success(()) }
                    let sleeper = Sleeper(wakesAt: moment, id: id, continuation: continuation, onWake: onWake)
                    state.sleepers.insert(sleeper)
                    return nil
                }
                if let result { continuation.resume(with: result) } else { onSleep() }
            }
        } onCancel: {
            cancel(id)
        }
    }

    /// Moves the clock; who slept until then or before wakes.
    package func advance(to moment: Timestamp) {
        let due: [Sleeper] = state.withLock { state in
            state.now = max(state.now, moment)
            var due: [Sleeper] = []
            while let first = state.sleepers.min, first.wakesAt <= state.now { due.append(state.sleepers.removeMin()) }
            return due
        }
        for sleeper in due { sleeper.wake(.success(())) }
    }

    /// Moves the clock by some milliseconds.
    package func advance(milliseconds: Int64) {
        advance(to: now.adding(milliseconds: milliseconds))
    }

    private func cancel(_ id: UInt64) {
        let sleeper: Sleeper? = state.withLock { state in
            // A heap gives no other way; few sleep at once.
            var others: [Sleeper] = []
            var found: Sleeper?
            for sleeper in state.sleepers.unordered {
                if sleeper.id == id { found = sleeper } else { others.append(sleeper) }
            }
            if found == nil { state.cancelled.insert(id) } else { state.sleepers = Heap(others) }
            return found
        }
        sleeper?.wake(.failure(CancellationError()))
    }
}
