import Logging
import Tracing

/// The names of a hook's own span attributes (application reference, 2.7).
enum WebhookAttribute {
    static let webhookTable = "webhook.table"
    static let webhookOperation = "webhook.op"
    static let webhookEventKey = "webhook.event_key"
    static let scope = "webhook.idempotency_scope"
    static let duplicate = "webhook.duplicate"
    static let skipped = "webhook.skipped"
    static let skipReason = "webhook.skip_reason"
    static let rateLimited = "webhook.rate_limited"
    static let rateLimitUnavailable = "webhook.rate_limit_unavailable"
    static let payloadTooLarge = "webhook.payload_too_large"
    static let validationError = "webhook.validation_error"
    static let unauthorized = "webhook.unauthorized"
    static let error = "webhook.error"
    static let errorCode = "webhook.error_code"
    static let errorStatus = "webhook.error_status"
    static let errorMessage = "webhook.error_message"
    static let released = "webhook.idempotency_released"
}

extension WebhookEndpoint {
    /// Tells the span what the event is; where it has no table, the hook is its subject and its arrival the verb.
    static func record(_ event: WebhookEvent, _ span: any Span) {
        span.attributes[TelemetryAttribute.spanEventKey] = event.key.text
        span.attributes[WebhookAttribute.webhookEventKey] = event.key.text
        span.attributes[TelemetryAttribute.table] = event.table ?? "webhook"
        span.attributes[TelemetryAttribute.operation] = event.operation ?? "RECEIVE"
        if let table = event.table { span.attributes[WebhookAttribute.webhookTable] = table }
        if let operation = event.operation { span.attributes[WebhookAttribute.webhookOperation] = operation }
    }

    /// Tells span and log what the request was refused for.
    static func record(_ error: WebhookError, _ visit: WebhookVisit) {
        visit.span.attributes[WebhookAttribute.error] = true
        visit.span.attributes[WebhookAttribute.errorCode] = error.code
        visit.span.attributes[WebhookAttribute.errorStatus] = error.status
        if !error.reason.isEmpty { visit.span.attributes[WebhookAttribute.errorMessage] = error.reason }
        guard error.status >= 500 else { return }
        visit.span.setStatus(SpanStatus(code: .error, message: error.code))
        visit.logger.error(
            "webhook.failed",
            metadata: ["code": "\(error.code)", "status": "\(error.status)", "reason": "\(error.reason)"]
        )
    }
}
