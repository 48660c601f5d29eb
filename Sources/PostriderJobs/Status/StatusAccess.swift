import Logging

/// Finds the record that a request asks for, if its caller may see it.
enum StatusAccess {
    /// The longest request id that is looked up, in bytes.
    private static let requestIDBytesMax = 200

    /// The record, and an answer in its place when there is none to be seen.
    enum Result: Sendable {
        case record(JobRecord, for: Identity)
        case answer(JobAnswer)
    }

    static let notFound = JobAnswer.error(404, "not_found", "there is no such job")
    static let unauthorized = JobAnswer.error(401, "unauthorized", "the request does not say who asks")
    static let unavailable = JobAnswer.error(503, "service_unavailable", "the server cannot answer now", retryAfter: 1)

    /// Looks up the caller before anything else, then the record.
    static func record(
        for request: JobRequest,
        parameters: [String: String],
        in environment: JobEnvironment
    ) async -> Result {
        do {
            guard let identity = try await environment.identity.identity(of: request) else {
                return .answer(unauthorized)
            }
            // Another's job and no job look alike: nobody learns which ids there are.
            guard let requestID = parameters["requestId"], (1...requestIDBytesMax).contains(requestID.utf8.count),
                let record = try await environment.storage.records.record(requestID), record.isVisible(to: identity)
            else { return .answer(notFound) }
            return .record(record, for: identity)
        } catch {
            environment.logger.warning("job_status.unavailable", metadata: ["error": "\(ErrorText.of(error))"])
            return .answer(unavailable)
        }
    }
}

extension JobRecord {
    /// Whether somebody may see the job and cancel it.
    func isVisible(to identity: Identity) -> Bool { identity.isOperator || identity.userID == userID }
}
