#if Postgres
import Synchronization

/// One piece of work on a connection: until when it may take, and whether it has been cancelled.
///
/// It belongs to one piece of work alone, so that a late cancellation never meets the next one on the same connection.
final class PostgresOperation: Sendable {
    let deadline: ContinuousClock.Instant
    private let signal: ConnectionSignal
    private let cancelled = Atomic<Bool>(false)

    init(deadline: ContinuousClock.Instant, signal: ConnectionSignal) {
        self.deadline = deadline
        self.signal = signal
    }

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    /// Ends the work soon; from any thread.
    func cancel() {
        cancelled.store(true, ordering: .releasing)
        signal.wake()
    }

    /// Why the work must end now; nil when it may go on.
    var interruption: PostgresError.Code? {
        if isCancelled { return .cancelled }
        return ContinuousClock.now >= deadline ? .deadlineExceeded : nil
    }
}

extension PostgresError {
    /// The error of work that was ended from this side.
    static func interrupted(_ code: Code) -> PostgresError {
        PostgresError(code, code == .cancelled ? "the task was cancelled" : "the time for it ran out")
    }
}
#endif
