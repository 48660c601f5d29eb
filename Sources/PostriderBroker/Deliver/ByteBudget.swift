import DequeModule
import Synchronization

/// Bounds the bytes that are held at once: who wants more waits its turn.
package final class ByteBudget: Sendable {
    private struct Waiter {
        let id: UInt64
        let bytes: Int
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var used = 0
        var nextID: UInt64 = 0
        var waiters = Deque<Waiter>()
        /// Waiters cancelled before they began to wait.
        var cancelled: Set<UInt64> = []
    }

    private let bytesMax: Int
    private let state = Mutex(State())

    package init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// Takes room, waiting for it in order; more than the bound is granted only alone.
    ///
    /// - Returns: False when the task was cancelled first; nothing is taken then.
    func acquire(_ bytes: Int) async -> Bool {
        let id: UInt64? = state.withLock { state in
            if state.waiters.isEmpty, isRoom(for: bytes, used: state.used) {
                state.used += bytes
                return nil
            }
            state.nextID += 1
            return state.nextID
        }
        guard let id else { return true }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let immediate: Bool? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return false }
                    if state.waiters.isEmpty, isRoom(for: bytes, used: state.used) {
                        state.used += bytes
                        return true
                    }
                    state.waiters.append(Waiter(id: id, bytes: bytes, continuation: continuation))
                    return nil
                }
                if let immediate { continuation.resume(returning: immediate) }
            }
        } onCancel: {
            let waiter: Waiter? = state.withLock { state in
                guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.waiters.remove(at: index)
            }
            waiter?.continuation.resume(returning: false)
        }
    }

    /// Gives room back and lets those go on for whom there is enough.
    func release(_ bytes: Int) {
        let granted: [Waiter] = state.withLock { state in
            state.used -= bytes
            var granted: [Waiter] = []
            while let first = state.waiters.first, isRoom(for: first.bytes, used: state.used) {
                state.used += first.bytes
                granted.append(state.waiters.removeFirst())
            }
            return granted
        }
        for waiter in granted { waiter.continuation.resume(returning: true) }
    }

    private func isRoom(for bytes: Int, used: Int) -> Bool { used == 0 || used + bytes <= bytesMax }
}
