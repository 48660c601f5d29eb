/// The options that headers and query parameters can set, without their prefix.
enum OptionName: Sendable {
    case method, timeout, retries, retryDelay, delay, notBefore
    case deduplicationID, contentBasedDeduplication
    case callback, failureCallback
    case flowControlKey, flowControlValue
    case label, redactFields
    case cron, scheduleID, queueName
    case headerForward

    /// The option that the bytes from `offset` to the end name, whatever their case; nil for an unknown one.
    static func named(_ bytes: Span<UInt8>, from offset: Int) -> OptionName? {
        // The length leaves one to three candidates, so that most headers cost one or two compares.
        switch bytes.count - offset {
        case 4: bytes.spells("cron", from: offset) ? .cron : nil
        case 5:
            if bytes.spells("delay", from: offset) {
                .delay
            } else {
                bytes.spells("label", from: offset) ? .label : nil
            }
        case 6: bytes.spells("method", from: offset) ? .method : nil
        case 7:
            if bytes.spells("retries", from: offset) {
                .retries
            } else {
                bytes.spells("timeout", from: offset) ? .timeout : nil
            }
        case 8: bytes.spells("callback", from: offset) ? .callback : nil
        case 10:
            if bytes.spells("not-before", from: offset) {
                .notBefore
            } else {
                bytes.spells("queue-name", from: offset) ? .queueName : nil
            }
        case 11:
            if bytes.spells("retry-delay", from: offset) {
                .retryDelay
            } else {
                bytes.spells("schedule-id", from: offset) ? .scheduleID : nil
            }
        case 13: bytes.spells("redact-fields", from: offset) ? .redactFields : nil
        case 14: bytes.spells("header-forward", from: offset) ? .headerForward : nil
        case 16:
            if bytes.spells("deduplication-id", from: offset) {
                .deduplicationID
            } else if bytes.spells("flow-control-key", from: offset) {
                .flowControlKey
            } else {
                bytes.spells("failure-callback", from: offset) ? .failureCallback : nil
            }
        case 18: bytes.spells("flow-control-value", from: offset) ? .flowControlValue : nil
        case 27: bytes.spells("content-based-deduplication", from: offset) ? .contentBasedDeduplication : nil
        default: nil
        }
    }

    /// The name without a prefix, in the case of the documentation, for refusals.
    var text: String {
        switch self {
        case .method: "Method"
        case .timeout: "Timeout"
        case .retries: "Retries"
        case .retryDelay: "Retry-Delay"
        case .delay: "Delay"
        case .notBefore: "Not-Before"
        case .deduplicationID: "Deduplication-Id"
        case .contentBasedDeduplication: "Content-Based-Deduplication"
        case .callback: "Callback"
        case .failureCallback: "Failure-Callback"
        case .flowControlKey: "Flow-Control-Key"
        case .flowControlValue: "Flow-Control-Value"
        case .label: "Label"
        case .redactFields: "Redact-Fields"
        case .cron: "Cron"
        case .scheduleID: "Schedule-Id"
        case .queueName: "Queue-Name"
        case .headerForward: "Header-Forward"
        }
    }

    /// Whether a callback message has this option; the others make no sense there and are ignored.
    var appliesToCallbacks: Bool {
        switch self {
        case .method, .timeout, .retries, .retryDelay, .delay: true
        default: false
        }
    }

    /// Whether the value is a list, so that several headers of this name add up.
    var isList: Bool {
        switch self {
        case .label, .redactFields, .flowControlValue: true
        default: false
        }
    }

    /// Whether an empty value is accepted.
    ///
    /// The JavaScript and Python clients send `Upstash-Label` with nothing in it for an empty list of labels. No client
    /// is known to send another option empty.
    var mayBeEmpty: Bool { self == .label }
}
