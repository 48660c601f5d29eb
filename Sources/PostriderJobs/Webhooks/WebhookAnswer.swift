import HTTPTypes

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What every answer of a hook says about its rate limit.
struct WebhookRate: Sendable, Hashable {
    let limit: Int
    let remaining: Int
    let resetsAt: Date

    init(_ limit: RateLimit, _ decision: RateLimitDecision) {
        self.limit = limit.requests
        self.remaining = decision.remaining
        self.resetsAt = decision.resetsAt
    }

    /// When the counters cannot be read: nothing is left, until the present window ends.
    static func unknown(_ limit: RateLimit, now: Date) -> WebhookRate {
        let fresh = limit.decide(nil, now: now).decision
        return WebhookRate(
            limit,
            RateLimitDecision(isAllowed: false, remaining: 0, resetsAt: fresh.resetsAt)
        )
    }
}

/// The answers of hooks.
enum WebhookAnswer {
    private static let limitName = HTTPField.Name.known("X-RateLimit-Limit")
    private static let remainingName = HTTPField.Name.known("X-RateLimit-Remaining")
    private static let resetName = HTTPField.Name.known("X-RateLimit-Reset")
    private static let retryAfterName = HTTPField.Name.known("Retry-After")

    /// 200 with what the outcome says.
    static func ok(_ outcome: WebhookOutcome, rate: WebhookRate) -> JobResponse {
        response(200, outcome.body, rate)
    }

    /// `{"code":…,"error":…}`, with `Retry-After` where the error has one.
    static func refused(_ error: WebhookError, rate: WebhookRate) -> JobResponse {
        var response = response(error.status, ["code": .string(error.code), "error": .string(error.error)], rate)
        if let retryAfter = error.retryAfter {
            let seconds = max(0, (retryAfter / .seconds(1)).rounded(.up))
            response.head.headerFields[retryAfterName] = String(Int64(min(seconds, 1e9)))
        }
        return response
    }

    private static func response(_ status: Int, _ body: JSONValue, _ rate: WebhookRate) -> JobResponse {
        var head = HTTPResponse(status: .init(code: status))
        head.headerFields[.contentType] = "application/json"
        head.headerFields[limitName] = String(rate.limit)
        head.headerFields[remainingName] = String(rate.remaining)
        head.headerFields[resetName] = String(Int64(rate.resetsAt.timeIntervalSince1970 * 1_000))
        return JobResponse(head: head, body: .bytes(body.bytes))
    }
}
