import Synchronization

extension JobContext {
    /// Ends the delivery together with writes of the handler's own: all of it or nothing.
    ///
    /// Drivers of storage build on it what they offer to handlers, such as a transaction. It may succeed once for each delivery; from then on
    /// the delivery is over, and a handler that throws afterwards is logged and not repeated.
    ///
    /// - Parameter write: Writes what the handler wants, and the completion that it asks for with its outcome, in one step. When the outcome
    ///   is no success it writes nothing, and the outcome is only passed on.
    /// - Returns: The outcome; return it from the handler.
    /// - Throws: ``JobsError`` with code `already_completed`, or `lock_lost` when another delivery holds the message; whatever `write` throws.
    ///   In all these cases nothing is committed here, and the pipeline releases what the delivery holds.
    public func complete(
        _ write:
            @Sendable (_ completion: @escaping @Sendable (JobOutcome) -> DeliveryCompletion) async throws -> JobOutcome
    ) async throws -> JobOutcome {
        try state.withLock { state in
            guard case .none = state.completion else {
                throw JobsError(.alreadyCompleted, "a delivery is completed once")
            }
            state.completion = .running
        }
        do {
            let outcome = try await write { outcome in self.completion(of: outcome) }
            state.withLock { $0.completion = outcome.isSuccess ? .completed(outcome) : .none }
            return outcome
        } catch {
            state.withLock { $0.completion = .none }
            throw error
        }
    }

    /// All that is to be written with an outcome.
    func completion(of outcome: JobOutcome) -> DeliveryCompletion {
        DeliveryCompletion(
            lock: lock,
            doneTTL: doneTTL,
            reservation: reservation,
            requestID: record?.requestID,
            recordChange: record == nil ? nil : .completed(resultData: outcome.resultData),
            now: now
        )
    }

    /// What the handler committed itself; nil for nothing.
    var committed: JobOutcome? {
        state.withLock { state in
            if case .completed(let outcome) = state.completion { outcome } else { nil }
        }
    }
}
