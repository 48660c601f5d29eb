import Logging
import Tracing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension JobDelivery {
    /// Puts the message on the list of those that failed for good; the broker's own dead letters keep it whole.
    func pushDeadLetter(_ answer: JobAnswer, body: [UInt8]) async {
        let entry = DeadLetterEntry(
            id: RandomID.uuid(environment.randomBytes),
            jobType: definition.name,
            attempts: facts.attempt,
            error: answer.reason ?? "",
            errorCode: answer.code,
            failedAt: environment.now,
            messageID: facts.messageID,
            payload: Redactor.text(of: body)
        )
        if span.isRecording { span.attributes[TelemetryAttribute.deadLettered] = true }
        let index = environment.storage.deadLetters
        let count: Int
        do {
            count = try await environment.span(TelemetryEvent.deadLetterPushSpan) { _ in
                try await outlivingCancellation {
                    try await index.push(entry, entriesMax: DeadLetterPolicy.entriesMax, ttl: DeadLetterPolicy.ttl)
                }
            }
        } catch {
            logger.error("the dead letter could not be listed")
            return
        }
        let attributes = [TelemetryAttribute.jobType: definition.name]
        environment.alert(
            OperationalAlert(name: TelemetryEvent.deadLetterCreated, severity: .warning, attributes: attributes)
        )
        if count > DeadLetterPolicy.alertCount {
            environment.alert(
                OperationalAlert(name: TelemetryEvent.deadLetterThreshold, severity: .error, attributes: attributes)
            )
        }
    }
}
