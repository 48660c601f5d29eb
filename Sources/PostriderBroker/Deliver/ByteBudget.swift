import DequeModule
import Synchronization

/// Bounds the bytes of bodies under way, in all and for each lane, so that one slow destination cannot hold up the others.
///
/// Small bodies always pass: their number is bounded by the cap on deliveries.
package final class ByteBudget: Sendable {
    private struct Waiter {
        let id: UInt64
        let bytes: Int
        let lane: String
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var used = 0
        var usedByLane: [String: Int] = [:]
        var nextID: UInt64 = 0
        var waiters = Deque<Waiter>()
        /// Waiters cancelled before they began to wait.
        var cancelled: Set<UInt64> = []
    }

    /// Bodies up to this size are not counted.
    package static let smallBytesMax = 65_536
    /// The share of the whole that one lane may take.
    private static let laneShare = 4

    private let bytesMax: Int
    private let state = Mutex(State())

    package init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// Takes room if there is some now.
    func tryAcquire(_ bytes: Int, lane: String) -> Bool {
        guard bytes > Self.smallBytesMax else { return true }
        return state.withLock { take(bytes, lane: lane, from: &$0) }
    }

    /// Takes room, waiting for it; more than a bound is granted only when nothing else is counted against that bound.
    ///
    /// - Returns: False when the task was cancelled first; nothing is taken then.
    func acquire(_ bytes: Int, lane: String) async -> Bool {
        guard !tryAcquire(bytes, lane: lane) else { return true }
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let immediate: Bool? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return false }
                    if take(bytes, lane: lane, from: &state) { return true }
                    state.waiters.append(Waiter(id: id, bytes: bytes, lane: lane, continuation: continuation))
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

    /// Gives room back and lets those go on for whom there is enough, in the order in which they came.
    func release(_ bytes: Int, lane: String) {
        guard bytes > Self.smallBytesMax else { return }
        let granted: [Waiter] = state.withLock { state in
            state.used -= bytes
            let left = (state.usedByLane[lane] ?? 0) - bytes
            state.usedByLane[lane] = left > 0 ? left : nil
            // Who does not fit is passed over: those of another lane must not wait for its lane.
            var granted: [Waiter] = []
            var waiting = Deque<Waiter>()
            for waiter in state.waiters {
                if take(waiter.bytes, lane: waiter.lane, from: &state) {
                    granted.append(waiter)
                } else {
                    waiting.append(waiter)
                }
            }
            state.waiters = waiting
            return granted
        }
        for waiter in granted { waiter.continuation.resume(returning: true) }
    }

    private func take(_ bytes: Int, lane: String, from state: inout State) -> Bool {
        let usedByLane = state.usedByLane[lane] ?? 0
        guard state.used == 0 || state.used + bytes <= bytesMax,
            usedByLane == 0 || usedByLane + bytes <= bytesMax / Self.laneShare
        else { return false }
        state.used += bytes
        state.usedByLane[lane] = usedByLane + bytes
        return true
    }
}
