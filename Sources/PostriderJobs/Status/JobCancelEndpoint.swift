import HTTPTypes
import Logging

/// Cancels a job that has not ended.
struct JobCancelEndpoint: Endpoint {
    let method = HTTPRequest.Method.delete
    let path: RoutePath
    /// Cancels the message that waits in the broker; nil when nobody can.
    let cancelMessage: (@Sendable (String) async throws -> Void)?

    func respond(
        to request: JobRequest,
        parameters: [String: String],
        in environment: JobEnvironment
    ) async -> JobResponse {
        await answer(to: request, parameters: parameters, in: environment).response
    }

    private func answer(
        to request: JobRequest,
        parameters: [String: String],
        in environment: JobEnvironment
    ) async -> JobAnswer {
        let before: JobRecord
        switch await StatusAccess.record(for: request, parameters: parameters, in: environment) {
        case .answer(let answer): return answer
        case .record(let found, _): before = found
        }
        let update: JobRecordUpdate
        do {
            update = try await environment.storage.records.apply(
                .cancelled,
                to: before.requestID,
                now: environment.now
            )
        } catch {
            environment.logger.warning("job_status.unavailable", metadata: ["error": "\(ErrorText.of(error))"])
            return StatusAccess.unavailable
        }
        switch update {
        case .missing: return StatusAccess.notFound
        case .unchanged(let record):
            return .error(
                400,
                "already_finished",
                "the job has ended",
                extras: ["status": .string(record.status.rawValue), "requestId": .string(record.requestID)]
            )
        case .changed(let record):
            environment.hub.tell(record.requestID)
            await cancelMessage(of: record, in: environment)
            return JobAnswer(
                status: 200,
                fields: [
                    "success": true,
                    "message": "the job is cancelled",
                    "requestId": .string(record.requestID),
                    "previousStatus": .string(before.status.rawValue),
                    "newStatus": .string(record.status.rawValue),
                ]
            )
        }
    }

    /// The job is cancelled whether this works or not: its message finds that out when it is delivered.
    private func cancelMessage(of record: JobRecord, in environment: JobEnvironment) async {
        guard let cancelMessage, let messageID = record.messageID else { return }
        do {
            try await cancelMessage(messageID)
        } catch {
            environment.logger.warning(
                "job_status.message_not_cancelled",
                metadata: ["message.id": "\(messageID)", "error": "\(ErrorText.of(error))"]
            )
        }
    }
}
