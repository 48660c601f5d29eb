/// What follows from how a handler ended: the answer, what is written, and whether the message is a dead letter.
///
/// Pure: the delivery does what it says.
struct DeliveryEnding: Sendable, Hashable {
    /// What is written about the lock and the reservation.
    enum Settlement: Sendable, Hashable {
        /// Nothing: it is written already, or another's.
        case none
        /// The lock becomes the done marker, the reservation is done, and the record ends.
        case commit(JobRecordChange)
        /// The lock becomes the done marker, and then the reservation is given back: the work was not done.
        case commitWithoutReservation
        /// Lock and reservation are given back; the record ends when nothing follows.
        case release(JobRecordChange?)
    }

    /// What ended the handler from outside.
    enum Interruption: Sendable, Hashable {
        /// The lock is another's.
        case lockLost
        /// The time allowed is over.
        case timedOut
        /// The job's record says that it is cancelled.
        case cancelled
    }

    let answer: JobAnswer
    let settlement: Settlement
    let isDeadLetter: Bool

    /// - Parameters:
    ///   - result: What the handler returned or threw.
    ///   - interruption: What ended it from outside; nil for nothing.
    ///   - isRequestCancelled: Whether the request was cut off: the broker hears no answer, and the attempt is due again.
    ///   - committed: What the handler committed itself, with its own writes; nil for nothing.
    static func decide(
        _ result: Result<JobOutcome, any Error>,
        interruption: Interruption?,
        isRequestCancelled: Bool,
        committed: JobOutcome?,
        facts: DeliveryFacts,
        lockTTL: Duration,
        successKey: String?
    ) -> DeliveryEnding {
        if let committed {
            // What is committed has happened, whatever the handler did afterwards.
            return DeliveryEnding(
                answer: .outcome(committed, successKey: successKey),
                settlement: .none,
                isDeadLetter: false
            )
        }
        // The reservation belongs to the message, and another delivery of it may be at work under it: it stays.
        let lost = DeliveryEnding(answer: .inProgress(remaining: lockTTL), settlement: .none, isDeadLetter: false)
        if interruption == .lockLost { return lost }
        if case .failure(let error as JobsError) = result, error.code == .lockLost { return lost }
        switch result {
        case .success(let outcome) where isRequestCancelled && !outcome.isSuccess: return cutOff
        case .failure where isRequestCancelled && interruption != .cancelled && !isCancellation(result): return cutOff
        case .success(let outcome):
            return ending(outcome, .outcome(outcome, successKey: successKey), facts)
        case .failure(let failure as JobFailure):
            return ending(failure.outcome, .outcome(failure.outcome, successKey: successKey), facts)
        case .failure:
            if interruption == .cancelled || isCancellation(result) {
                return DeliveryEnding(
                    answer: .skipped(reason: "cancelled", successKey: successKey),
                    settlement: .commitWithoutReservation,
                    isDeadLetter: false
                )
            }
            let answer: JobAnswer = interruption == .timedOut ? .timedOut : .internal
            return failed(answer, isFinal: facts.isFinalAttempt)
        }
    }

    /// Nobody hears the answer: whatever number the attempt has, it is no end.
    private static let cutOff = DeliveryEnding(answer: .internal, settlement: .release(nil), isDeadLetter: false)

    /// Whether the handler ended because its job was cancelled.
    private static func isCancellation(_ result: Result<JobOutcome, any Error>) -> Bool {
        guard case .failure(let error as JobsError) = result else { return false }
        return error.code == .cancelled
    }

    private static func ending(_ outcome: JobOutcome, _ answer: JobAnswer, _ facts: DeliveryFacts) -> DeliveryEnding {
        switch outcome.kind {
        case .done, .skipped:
            DeliveryEnding(
                answer: answer,
                settlement: .commit(.completed(resultData: outcome.resultData)),
                isDeadLetter: false
            )
        case .retry: failed(answer, isFinal: facts.isFinalAttempt)
        case .failed: failed(answer, isFinal: true)
        }
    }

    /// - Parameter isFinal: Whether no attempt follows; before that a record shows no failure, because there is none yet.
    static func failed(_ answer: JobAnswer, isFinal: Bool) -> DeliveryEnding {
        let change = JobRecordChange.failed(code: answer.code ?? "internal", message: answer.reason ?? "")
        return DeliveryEnding(
            answer: answer,
            settlement: .release(isFinal ? change : nil),
            isDeadLetter: isFinal
        )
    }
}
