import Synchronization

/// What handler and keeper know of each other: whether the handler has ended, and what is to end it.
final class HandlerWatch: Sendable {
    private struct State {
        var isEnded = false
        var interruption: DeliveryEnding.Interruption?
        /// Keeps the lock after the request has been cancelled.
        var keeper: Task<Void, Never>?
    }

    private let state = Mutex(State())

    /// Raised when something is to end the handler.
    let interrupted = ChangeSignal()

    /// Whether the handler has ended.
    var isEnded: Bool { state.withLock { $0.isEnded } }

    /// What ended the handler; nil for nothing, or what came after its end.
    var interruption: DeliveryEnding.Interruption? { state.withLock { $0.interruption } }

    /// Ends the handler, unless it has ended; a lost lock counts for more than what was before it.
    func interrupt(_ interruption: DeliveryEnding.Interruption) {
        let isNew = state.withLock { state in
            guard !state.isEnded, state.interruption == nil || interruption == .lockLost else { return false }
            state.interruption = interruption
            return true
        }
        if isNew { interrupted.raise() }
    }

    /// The handler has ended.
    func end() {
        let keeper = state.withLock { state in
            state.isEnded = true
            return state.keeper
        }
        keeper?.cancel()
    }

    /// Has a task cancelled when the handler ends.
    func untilEnd(_ keeper: Task<Void, Never>) {
        let isEnded = state.withLock { state in
            state.keeper = keeper
            return state.isEnded
        }
        if isEnded { keeper.cancel() }
    }
}
