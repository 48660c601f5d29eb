import HTTPTypes

/// An answer of a job or a user's endpoint, before it is a response.
struct JobAnswer: Sendable, Hashable {
    var status: Int
    var fields: [String: JSONValue]
    /// Whole seconds for `Retry-After`; nil for none.
    var retryAfter: Int64?

    init(status: Int, fields: [String: JSONValue], retryAfter: Int64? = nil) {
        self.status = status
        self.fields = fields
        self.retryAfter = retryAfter
    }

    /// The status that says that a message can never be handled.
    static let permanentStatus = 489

    /// The envelope of what went wrong.
    static func error(
        _ status: Int,
        _ code: String,
        _ reason: String,
        issues: [ValidationIssue] = [],
        extras: [String: JSONValue] = [:],
        retryAfter: Int64? = nil
    ) -> JobAnswer {
        var fields = extras
        fields["error"] = .string(code)
        fields["reason"] = .string(reason)
        if !issues.isEmpty { fields["issues"] = .array(issues.map(\.json)) }
        return JobAnswer(status: status, fields: fields, retryAfter: retryAfter)
    }

    static let configurationError = error(500, "configuration_error", "the server has no signing keys")
    static let unauthorized = error(401, "unauthorized", "the signature is missing or wrong")
    static let payloadTooLarge = error(permanentStatus, "payload_too_large", "the body is too large")
    static let badRequest = error(permanentStatus, "bad_request", "the body could not be read")
    static let messageIDMissing = error(permanentStatus, "invalid_request", "Upstash-Message-Id is missing")
    static let storeDown = error(503, "service_unavailable", "the store cannot be reached")
    static let `internal` = error(500, "internal", "the job failed")
    static let timedOut = error(500, "internal", "the job took too long")

    static func malformed(_ why: String) -> JobAnswer {
        error(permanentStatus, "invalid_request", "the body is not JSON: \(why)")
    }

    static func invalid(_ issues: [ValidationIssue]) -> JobAnswer {
        error(permanentStatus, "invalid_request", "the parameters are not valid", issues: issues)
    }

    /// - Parameter remaining: How long the lock lives at most.
    static func inProgress(remaining: Duration) -> JobAnswer {
        error(409, "in_progress", "another delivery holds the lock", retryAfter: wholeSeconds(remaining))
    }

    static func duplicate(successKey: String?) -> JobAnswer { success(["duplicate": true], successKey: successKey) }

    static func skipped(reason: String, _ fields: [String: JSONValue] = [:], successKey: String?) -> JobAnswer {
        success(fields.merging(["skipped": true, "reason": .string(reason)]) { $1 }, successKey: successKey)
    }

    static func success(_ fields: [String: JSONValue], successKey: String?) -> JobAnswer {
        var fields = fields
        fields["ok"] = true
        if let successKey { fields[successKey] = true }
        return JobAnswer(status: 200, fields: fields)
    }

    /// The answer to an outcome (application reference, 2.4).
    static func outcome(_ outcome: JobOutcome, successKey: String?) -> JobAnswer {
        switch outcome.kind {
        case .done(let fields): success(fields, successKey: successKey)
        case .skipped(let reason, let fields): skipped(reason: reason, fields, successKey: successKey)
        case .retry(let delay, let reason):
            error(500, "internal", reason, retryAfter: delay.map(wholeSeconds))
        case .failed(let code, let reason, let issues, let extras):
            error(permanentStatus, code, reason, issues: issues, extras: extras)
        }
    }

    /// Rounded up, at least one.
    private static func wholeSeconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return max(1, attoseconds > 0 && seconds < .max ? seconds + 1 : seconds)
    }

    /// The code of the error; nil for a success.
    var code: String? { fields["error"]?.string }

    /// The reason of the error; nil for a success.
    var reason: String? { fields["reason"]?.string }

    /// The response to send.
    var response: JobResponse {
        var head = HTTPResponse(status: .init(code: status))
        head.headerFields[.contentType] = "application/json"
        if status == Self.permanentStatus { head.headerFields[FieldNames.nonRetryable] = "true" }
        if let retryAfter { head.headerFields[.retryAfter] = String(retryAfter) }
        return JobResponse(head: head, body: .bytes(JSONValue.object(fields).bytes))
    }
}
