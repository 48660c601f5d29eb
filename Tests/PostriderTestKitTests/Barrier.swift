import Dispatch
import Synchronization

/// Keeps those who come until it is opened.
final class Barrier: Sendable {
    private struct State {
        var isOpen = false
        var waiters: [CheckedContinuation<Void, Never>] = []
        var arrivals: [CheckedContinuation<Void, Never>] = []
        var count = 0
    }

    private let state = Mutex(State())

    /// Returns once opened.
    func wait() async {
        await withCheckedContinuation { continuation in
            let (isOpen, arrivals) = state.withLock { state in
                state.count += 1
                defer { state.arrivals = [] }
                if !state.isOpen { state.waiters.append(continuation) }
                return (state.isOpen, state.arrivals)
            }
            if isOpen { continuation.resume() }
            for arrival in arrivals { arrival.resume() }
        }
    }

    /// Returns once somebody waits or has waited.
    func arrival() async {
        await withCheckedContinuation { continuation in
            let hasArrived = state.withLock { state in
                if state.count == 0 { state.arrivals.append(continuation) }
                return state.count > 0
            }
            if hasArrived { continuation.resume() }
        }
    }

    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

/// Suspends the calling task until a thread of nobody's executor lets it go on.
func goElsewhere() async {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async { continuation.resume() }
    }
}
