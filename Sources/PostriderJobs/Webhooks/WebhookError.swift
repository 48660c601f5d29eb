import QStash

/// Why a webhook is not answered 200; thrown by its handler, or by the checks before it.
///
/// The answer is `{"code":<UPPER_CODE>,"error":<lower_code>}` and nothing else (application reference, 1.2 and 4.2).
public struct WebhookError: Error, Sendable, Hashable {
    /// The status of the answer.
    public let status: Int

    /// The `code` of the answer, such as `NOT_FOUND`.
    public let code: String

    /// The `error` of the answer, such as `not_found`; `internal_error` for each status from 500 on.
    public let error: String

    /// How long the sender should wait; nil for most.
    public let retryAfter: Duration?

    /// What happened, for logs and spans, not for the answer; no payload, no secret.
    public let reason: String

    private init(_ status: Int, _ code: String, _ error: String, _ reason: String, retryAfter: Duration? = nil) {
        self.status = status
        self.code = code
        self.error = status >= 500 ? "internal_error" : error
        self.reason = reason
        self.retryAfter = retryAfter
    }

    /// 400: the event makes no sense, and will not make more of it when it is sent again.
    public static func invalidRequest(_ reason: String = "") -> WebhookError {
        WebhookError(400, "VALIDATION_ERROR", "invalid_request", reason)
    }

    /// 401: the sender may not do that.
    public static func unauthorized(_ reason: String = "") -> WebhookError {
        WebhookError(401, "UNAUTHORIZED", "unauthorized", reason)
    }

    /// 404: what the event is about is not there.
    public static func notFound(_ reason: String = "") -> WebhookError {
        WebhookError(404, "NOT_FOUND", "not_found", reason)
    }

    /// 409: it contradicts what is there.
    public static func conflict(_ reason: String = "") -> WebhookError {
        WebhookError(409, "CONFLICT", "conflict", reason)
    }

    /// 429: the sender should send the event again, later.
    public static func rateLimited(retryAfter: Duration, _ reason: String = "") -> WebhookError {
        WebhookError(429, "RATE_LIMITED", "rate_limit_exceeded", reason, retryAfter: retryAfter)
    }

    /// 502: something that the handler calls has failed.
    public static func upstream(_ reason: String = "") -> WebhookError {
        WebhookError(502, "UPSTREAM_ERROR", "internal_error", reason)
    }

    /// 503: not possible now.
    public static func unavailable(_ reason: String = "") -> WebhookError {
        WebhookError(503, "SERVICE_UNAVAILABLE", "internal_error", reason)
    }

    /// 504: something that the handler calls did not answer in time.
    public static func timeout(_ reason: String = "") -> WebhookError {
        WebhookError(504, "TIMEOUT", "internal_error", reason)
    }

    static let payloadTooLarge = WebhookError(413, "VALIDATION_ERROR", "payload_too_large", "body too large")

    static func invalidSignature(_ reason: String) -> WebhookError {
        WebhookError(401, "UNAUTHORIZED", "invalid_signature", reason)
    }

    /// What a handler's error is answered with.
    ///
    /// Of an error that is not ours only the type is told: its text may hold what the event said.
    init(handlerError error: any Error) {
        switch error {
        case let error as WebhookError: self = error
        case let error as JobsError where Self.passing.contains(error.code): self = .unavailable("\(error.code)")
        case let error as JobsError: self.init(500, "UNKNOWN", "internal_error", "\(error.code)")
        case let error as QStashError: self = .unavailable("\(error.code)")
        default: self.init(500, "UNKNOWN", "internal_error", "\(type(of: error))")
        }
    }

    /// Failures of the framework that pass: the sender's retry finds them gone.
    private static let passing: Set<JobsError.Code> = [
        .publishFailed, .publishUncertain, .storeUnavailable, .circuitOpen,
    ]

    /// Whether the sender is expected to send the event again, which must not be taken for a duplicate then.
    ///
    /// From 500 on, and 429, which asks for it.
    var asksForRetry: Bool { status >= 500 || status == 429 }
}

extension WebhookError: CustomStringConvertible {
    /// Status, code and reason.
    public var description: String {
        reason.isEmpty ? "\(status) \(code)" : "\(status) \(code): \(reason)"
    }
}
