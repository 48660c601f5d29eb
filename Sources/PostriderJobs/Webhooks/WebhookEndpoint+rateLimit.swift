import Logging
import Tracing

extension WebhookEndpoint {
    /// The limit by which this hook counts.
    var rateLimit: RateLimit { limits.rateLimit ?? WebhookLimits.standardRate }

    /// Counts the request; nil when the store does not answer, and no request passes then.
    func admit(_ visit: WebhookVisit) async -> RateLimitDecision? {
        let identifier = visit.rateLimitIdentifier
        if identifier == "ip:unknown" { visit.logger.debug("webhook.ip_missing") }
        // Counters of different limits cannot share a key.
        let key = limits.rateLimit == nil ? "webhook:rl:\(identifier)" : "webhook:rl:\(name):\(identifier)"
        do {
            if let decision = try await decision(key, visit) { return decision }
            visit.logger.warning("webhook.rate_limit_timeout")
        } catch {
            visit.logger.warning("webhook.rate_limit_error", metadata: ["error": "\(ErrorText.of(error))"])
        }
        visit.span.attributes[WebhookAttribute.rateLimitUnavailable] = true
        // A sender that has hung up says nothing about the store.
        guard !Task.isCancelled else { return nil }
        visit.environment.alert(
            OperationalAlert(name: "ratelimit.degraded", severity: .error, attributes: ["hook": name]),
            atMostEvery: .seconds(60),
            scope: name
        )
        return nil
    }

    /// The store's decision; nil when it takes too long.
    private func decision(_ key: String, _ visit: WebhookVisit) async throws -> RateLimitDecision? {
        let (store, clock, limit, now) = (
            visit.environment.storage.rateLimits, visit.environment.clock, rateLimit, visit.now
        )
        return try await withThrowingTaskGroup(of: RateLimitDecision?.self) { group in
            group.addTask { try await store.hit(key, limit: limit, now: now) }
            group.addTask {
                try await clock.sleep(for: WebhookLimits.rateLimitTimeout)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
