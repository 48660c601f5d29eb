package import Metrics
import PostriderCore

/// What the broker counts; the names are in docs/TELEMETRY.md.
package struct BrokerMetrics: Sendable {
    private let accepted: Counter
    private let duplicates: Counter
    private let attempts: [Attempt.Verdict: Counter]
    private let failures: [AttemptFailure.Code: Counter]
    private let attemptDuration: Metrics.Timer
    private let deliveryLatency: Metrics.Timer

    /// The causes that have a series of their own; others are counted as `other`.
    private static let causes: [AttemptFailure.Code] = [
        .timedOut, .nameNotFound, .nameResolutionFailed, .addressForbidden, .connectionRefused, .connectionFailed,
        .tlsFailed,
        .connectionClosed, .protocolError, .responseHeadersTooLarge,
    ]

    package init(factory: any MetricsFactory) {
        self.accepted = Counter(label: "postrider_messages_accepted", dimensions: [], factory: factory)
        self.duplicates = Counter(label: "postrider_messages_deduplicated", dimensions: [], factory: factory)
        self.attempts = Dictionary(
            uniqueKeysWithValues: Attempt.Verdict.allCases.map { verdict in
                (
                    verdict,
                    Counter(label: "postrider_attempts", dimensions: [("verdict", "\(verdict)")], factory: factory)
                )
            }
        )
        self.failures = Dictionary(
            uniqueKeysWithValues: Self.causes.map { cause in
                let dimensions = [("cause", cause.rawValue)]
                return (cause, Counter(label: "postrider_attempt_failures", dimensions: dimensions, factory: factory))
            }
        )
        self.attemptDuration = Metrics.Timer(label: "postrider_attempt_duration", dimensions: [], factory: factory)
        self.deliveryLatency = Metrics.Timer(label: "postrider_delivery_latency", dimensions: [], factory: factory)
    }

    func published(accepted: Int, duplicates: Int) {
        if accepted > 0 { self.accepted.increment(by: accepted) }
        if duplicates > 0 { self.duplicates.increment(by: duplicates) }
    }

    func attemptEnded(_ attempt: Attempt, outcome: AttemptOutcome, message: Message) {
        attempts[attempt.verdict]?.increment()
        if case .failed(let failure) = outcome { failures[failure.code]?.increment() }
        attemptDuration.recordMilliseconds(attempt.endedAt.milliseconds - attempt.startedAt.milliseconds)
        if attempt.verdict == .delivered {
            deliveryLatency.recordMilliseconds(max(0, attempt.endedAt.milliseconds - message.notBefore.milliseconds))
        }
    }
}
