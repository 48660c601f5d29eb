import PostriderTelemetry

/// What each metric means, as `/metrics` and docs/TELEMETRY.md say it.
enum MetricDescriptions {
    static let all: [String: MetricDescription] = [
        "postrider_messages_accepted": MetricDescription(help: "Messages stored by publishes and batches."),
        "postrider_messages_deduplicated": MetricDescription(help: "Publishes recognised as duplicates."),
        "postrider_attempts": MetricDescription(help: "Attempts that were settled, by verdict."),
        "postrider_attempt_failures": MetricDescription(help: "Attempts without an answer, by cause."),
        "postrider_attempt_duration": MetricDescription(help: "Seconds from the start of an attempt to its end."),
        "postrider_delivery_latency": MetricDescription(help: "Seconds from a message's due time to its delivery."),
    ]
}
