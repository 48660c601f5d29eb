import Logging
import Tracing

extension JobDelivery {
    /// The longest reason of a handler that is logged, in characters.
    private static let reasonLengthMax = 1_024

    /// Logs how a handled delivery ended: `jobs.<job>.completed`, `.skipped` or `.failed`, each delivery once.
    ///
    /// Of an error only the type is told, and the code of the framework's own; what a handler's error says may be secret. The reason of an
    /// outcome is the handler's own text for the log.
    ///
    /// - Parameters:
    ///   - committed: What the handler committed itself; nil for nothing.
    ///   - isWritten: Whether what the ending says is written; work that is not marked as done has not completed.
    func tell(
        _ result: Result<JobOutcome, any Error>,
        committed: JobOutcome?,
        _ ending: DeliveryEnding,
        isWritten: Bool,
        _ logger: Logger
    ) {
        var failure: (any Error)?
        var outcome = committed
        switch result {
        case .success(let returned): outcome = committed ?? returned
        case .failure(let error):
            failure = error
            outcome = committed ?? (error as? JobFailure)?.outcome
        }
        if committed != nil, let failure {
            logger.error(
                "the handler failed after it had completed its delivery",
                metadata: ["error.type": "\(type(of: failure))"]
            )
        }
        switch ending.settlement {
        case .none where committed != nil: tellSuccess(outcome, logger)
        case .commit where isWritten: tellSuccess(outcome, logger)
        case .commitWithoutReservation: tellSuccess(.skipped(reason: "cancelled"), logger)
        case .commit: tellFailure(nil, failure, code: "not_committed", ending, logger)
        case .none: tellFailure(nil, failure, code: ending.answer.code, ending, logger)
        case .release: tellFailure(outcome, failure, code: ending.answer.code, ending, logger)
        }
    }

    private func tellSuccess(_ outcome: JobOutcome?, _ logger: Logger) {
        guard case .skipped(let reason, _) = outcome?.kind else {
            logger.debug("\(TelemetryEvent.job(definition.name, "completed"))")
            return
        }
        logger.debug(
            "\(TelemetryEvent.job(definition.name, "skipped"))",
            metadata: [TelemetryAttribute.reason: "\(reason.prefix(Self.reasonLengthMax))"]
        )
    }

    private func tellFailure(
        _ outcome: JobOutcome?,
        _ failure: (any Error)?,
        code: String?,
        _ ending: DeliveryEnding,
        _ logger: Logger
    ) {
        var metadata: Logger.Metadata = ["status": "\(ending.answer.status)"]
        if let failure { metadata["error.type"] = "\(type(of: failure))" }
        let ownCode = (failure as? JobsError)?.code.description
        if let code = ownCode ?? code { metadata["error.code"] = "\(code)" }
        switch outcome?.kind {
        case .retry(_, let reason), .failed(_, let reason, _, _):
            metadata[TelemetryAttribute.reason] = "\(reason.prefix(Self.reasonLengthMax))"
        default: break
        }
        logger.warning("\(TelemetryEvent.job(definition.name, "failed"))", metadata: metadata)
        if span.isRecording { span.addEvent(SpanEvent(name: TelemetryEvent.job(definition.name, "failed"))) }
    }
}
