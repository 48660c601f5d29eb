/// The names of attributes of spans, and of metadata in logs (application reference, section 2.7).
enum TelemetryAttribute {
    static let route = "route"
    static let jobType = "job_type"
    static let eventKey = "event_key"
    static let spanEventKey = "event.key"
    static let table = "table"
    static let operation = "op"
    static let messageID = "qstash.message_id"
    static let attempt = "qstash.attempt"
    static let maxRetries = "qstash.max_retries"
    static let finalAttempt = "qstash.final_attempt"
    static let duplicate = "qstash.duplicate"
    static let deadLettered = "qstash.dlq"
    static let jobDuplicate = "job.duplicate"
    static let reservationReleased = "job.idempotency_released"
    static let status = "http.response.status_code"

    static let enqueueJobType = "qstash.job_type"
    static let enqueuePath = "qstash.path"
    static let enqueueURL = "qstash.url"
    static let enqueueRetries = "qstash.retries"
    static let enqueueLabel = "qstash.label"
    static let enqueueFlowControlKey = "qstash.flow_control_key"
    static let enqueueHasFailureCallback = "qstash.has_failure_callback"
    static let enqueueContentBased = "qstash.content_based_dedup"
    static let enqueueHasDeduplicationID = "qstash.dedup_id_present"
    static let enqueueDeduplicationHash = "qstash.dedup_id_hash"
    static let enqueueIsDeduplicated = "qstash.deduplicated"
    static let enqueueUnavailable = "qstash.unavailable"
    static let enqueueMissingOrigin = "qstash.missing_origin"
    static let enqueueInvalidPath = "qstash.invalid_path"

    static let hasSignature = "hasSignature"
    static let path = "path"
    static let reason = "reason"
    static let addressHash = "ipHash"
    static let signatureHash = "signature_hash"
}

/// The names of spans, of events in spans and logs, and of alerts.
enum TelemetryEvent {
    static let enqueueSpan = "qstash.enqueue"
    static let deadLetterPushSpan = "qstash.dlq.push"
    static let unauthorizedAttempt = "unauthorized_attempt"
    static let enqueueScheduled = "qstash.enqueue.scheduled"
    static let missingOrigin = "qstash.missing_origin"
    static let invalidPath = "qstash.invalid_path"
    static let nextSigningKeyMissing = "qstash.next_signing_key_missing"
    static let deadLetterCreated = "qstash.dlq_entry_created"
    static let deadLetterThreshold = "qstash.dlq_threshold_exceeded"

    static func jobSpan(_ name: String) -> String { "jobs.\(name)" }

    /// `jobs.attachments_ingest.completed` for the job `attachments-ingest`.
    static func job(_ name: String, _ ending: String) -> String {
        "jobs.\(name.split(separator: "-", omittingEmptySubsequences: false).joined(separator: "_")).\(ending)"
    }
}
