import Synchronization

/// A flag that one task waits for and anybody raises; raising it while nobody waits is remembered once.
final class Wakeup: Sendable {
    private enum State {
        case idle
        case raised
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.idle)

    /// Lets the waiting task go on, now or when it next waits.
    func raise() {
        let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
            switch state {
            case .idle:
                state = .raised
                return nil
            case .waiting(let waiter):
                state = .idle
                return waiter
            case .raised:
                return nil
            }
        }
        waiter?.resume()
    }

    /// Returns once raised, or when the task is cancelled.
    ///
    /// Only one task may wait at a time.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isImmediate = state.withLock { state in
                    switch state {
                    case .idle:
                        // Read under the lock: a cancel that comes later finds the waiter in its place.
                        guard !Task.isCancelled else { return true }
                        state = .waiting(continuation)
                        return false
                    case .raised:
                        state = .idle
                        return true
                    case .waiting:
                        preconditionFailure("two tasks wait for one wakeup")
                    }
                }
                if isImmediate { continuation.resume() }
            }
        } onCancel: {
            let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
                guard case .waiting(let waiter) = state else { return nil }
                state = .idle
                return waiter
            }
            waiter?.resume()
        }
    }
}
