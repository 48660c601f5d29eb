import Dispatch
import Synchronization

/// Waits of many tasks on few timers of the system.
///
/// Every handler has a wait beside it that nearly never comes to its end: a timer of its own would be armed and taken back for each. Here a
/// wait that is given up leaves the timer armed, and the next ones find it so.
final class SharedAlarm: Sendable {
    private struct Sleeper {
        let wakesAt: ContinuousClock.Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var count = 0
        var sleepers: [Int: Sleeper] = [:]
        /// When the next timer rings; nil when none is armed.
        var ringsAt: ContinuousClock.Instant?

        /// Whether a timer must be armed so that a sleeper wakes in time; it is taken for armed from then on.
        mutating func needsTimer(at instant: ContinuousClock.Instant) -> Bool {
            if let ringsAt, ringsAt <= instant { return false }
            ringsAt = instant
            return true
        }
    }

    /// Some two hundred years, which can still be counted in nanoseconds.
    private static let secondsMax: Int64 = 6_000_000_000

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "postrider.jobs.alarm")

    /// Whether anybody waits.
    var hasSleepers: Bool { state.withLock { !$0.sleepers.isEmpty } }

    /// Waits until an instant; throws `CancellationError` when the task is cancelled before.
    func sleep(until instant: ContinuousClock.Instant) async throws {
        let id = state.withLock { state in
            state.count += 1
            return state.count
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let (isEntered, needsTimer) = state.withLock { state in
                    // Asked under the lock: a cancellation comes before it and is seen, or after it and finds the sleeper.
                    guard !Task.isCancelled else { return (false, false) }
                    state.sleepers[id] = Sleeper(wakesAt: instant, continuation: continuation)
                    return (true, state.needsTimer(at: instant))
                }
                if needsTimer { arm(instant) }
                if !isEntered { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    private func arm(_ instant: ContinuousClock.Instant) {
        let (seconds, attoseconds) = max(.zero, instant - .now).components
        // Rounded up: a timer that rings too early would have to be armed again at once.
        let nanoseconds = Int(min(seconds, Self.secondsMax)) * 1_000_000_000 + Int(attoseconds / 1_000_000_000) + 1
        queue.asyncAfter(deadline: .now() + .nanoseconds(nanoseconds)) { [self] in ring(instant) }
    }

    /// Wakes who is due, and arms the timer of the next.
    ///
    /// - Parameter instant: What the timer was armed for.
    private func ring(_ instant: ContinuousClock.Instant) {
        let now = ContinuousClock.now
        let (due, next) = state.withLock { state -> ([Sleeper], ContinuousClock.Instant?) in
            let due = state.sleepers.filter { $0.value.wakesAt <= now }
            for id in due.keys { state.sleepers[id] = nil }
            // Another timer has been armed since, for an earlier instant, and armed the next one.
            guard state.ringsAt == instant else { return (Array(due.values), nil) }
            state.ringsAt = nil
            let next = state.sleepers.values.map(\.wakesAt).min()
            if let next { _ = state.needsTimer(at: next) }
            return (Array(due.values), next)
        }
        if let next { arm(next) }
        for sleeper in due.sorted(by: { $0.wakesAt < $1.wakesAt }) { sleeper.continuation.resume() }
    }
}
