import HTTPTypes
import QStashWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes options as header fields of the wire, each value checked and each refusal naming its option.
struct OptionFields {
    /// What the options are for: some do not exist everywhere.
    enum Purpose {
        case message
        case queuedMessage
        case schedule
        case queuedSchedule
        /// Options that replace those of a message: what is not set is not sent.
        case retry

        var isQueued: Bool { self == .queuedMessage || self == .queuedSchedule }
        var isPublish: Bool { self == .message || self == .queuedMessage }
    }

    var fields = HTTPFields()

    /// - Throws: ``QStashError`` with code `option_invalid`.
    mutating func add(_ options: PublishOptions, body: MessageBody, for purpose: Purpose) throws(QStashError) {
        if let type = body.contentType { try set(.contentType, type, option: "body.contentType") }
        // Publishes name even the default, as the JavaScript client does.
        if let method = options.method ?? (purpose.isPublish ? .post : nil) {
            fields[.upstashMethod] = try Self.method(method, option: "method")
        }
        try addTimes(options, for: purpose)
        if let retries = options.retries { fields[.upstashRetries] = try Self.count(retries, option: "retries") }
        if let delay = options.retryDelay {
            fields[.upstashRetryDelay] = try delay.checked(retries: options.retries, option: "retryDelay")
        }
        if let timeout = options.timeout {
            fields[.upstashTimeout] = try Self.seconds(timeout, atLeast: 1, option: "timeout")
        }
        try addDeduplication(options.deduplication, for: purpose)
        if let callback = options.callback {
            try add(callback, named: "Callback", option: "callback", queued: purpose.isQueued)
        }
        if let callback = options.failureCallback {
            try add(callback, named: "Failure-Callback", option: "failureCallback", queued: purpose.isQueued)
        }
        if let control = options.flowControl {
            guard !purpose.isQueued else { throw Self.notForQueues("flowControl") }
            try add(control)
        }
        try addLabels(options.labels)
        if let redaction = options.redaction { try add(redaction) }
        try forward(options.headers, prefix: "Upstash-Forward-", option: "headers")
    }

    /// Adds headers that the message does not set itself.
    mutating func addDefaults(_ headers: HTTPFields, unlessIn own: HTTPFields) throws(QStashError) {
        for field in headers where !own.contains(field.name) {
            try forward(field, prefix: "Upstash-Forward-", option: "configuration.headers")
        }
    }

    /// Sets a field whose value comes from outside.
    mutating func set(_ name: HTTPField.Name, _ value: String, option: String) throws(QStashError) {
        fields[name] = try Self.value(value, option: option)
    }

    private mutating func addTimes(_ options: PublishOptions, for purpose: Purpose) throws(QStashError) {
        if let delay = options.delay {
            guard !purpose.isQueued else { throw Self.notForQueues("delay") }
            fields[.upstashDelay] = try Self.seconds(delay, atLeast: 0, option: "delay")
        }
        if let moment = options.notBefore {
            guard purpose == .message || purpose == .retry else {
                throw QStashError(.optionInvalid, "only a message outside queues has a notBefore", option: "notBefore")
            }
            let seconds = moment.timeIntervalSince1970.rounded(.up)
            guard seconds >= 0, seconds < 1e15 else {
                throw QStashError(.optionInvalid, "notBefore lies before 1970 or too far ahead", option: "notBefore")
            }
            fields[.upstashNotBefore] = "\(Int64(seconds))"
        }
    }

    private mutating func addDeduplication(
        _ deduplication: Deduplication?,
        for purpose: Purpose
    ) throws(QStashError) {
        guard deduplication == nil || purpose.isPublish else {
            // A server would apply it to the making of a schedule, and ignore it in a retry.
            throw QStashError(
                .optionInvalid,
                "schedules and retries have no deduplication",
                option: "deduplication"
            )
        }
        switch deduplication {
        case nil: break
        case .contentBased: fields[.upstashContentBasedDeduplication] = "true"
        case .id(let id):
            guard !id.isEmpty, !id.utf8.contains(UInt8(ascii: ":")) else {
                throw QStashError(
                    .optionInvalid,
                    "a deduplication id is not empty and has no ':'",
                    option: "deduplication"
                )
            }
            try set(.upstashDeduplicationID, id, option: "deduplication")
        }
    }

    private mutating func addLabels(_ labels: [String]) throws(QStashError) {
        guard !labels.isEmpty else { return }
        for label in labels {
            guard !label.isEmpty, !label.utf8.contains(UInt8(ascii: ",")) else {
                throw QStashError(.optionInvalid, "a label is not empty and has no comma", option: "labels")
            }
            _ = try Self.value(label, option: "labels")
        }
        fields[.upstashLabel] = labels.joined(separator: ",")
    }

    private mutating func add(_ redaction: Redaction) throws(QStashError) {
        var parts = redaction.body ? ["body"] : []
        switch redaction.headers {
        case .none: break
        case .all: parts.append("header")
        case .named(let names):
            for name in names {
                guard HeaderField.isValidName(name) else {
                    throw QStashError(.optionInvalid, "a header to redact has no valid name", option: "redaction")
                }
                parts.append("header[\(name)]")
            }
        }
        guard !parts.isEmpty else {
            throw QStashError(.optionInvalid, "the redaction hides nothing: leave it out", option: "redaction")
        }
        fields[.upstashRedactFields] = parts.joined(separator: ",")
    }

    private mutating func add(_ control: FlowControl) throws(QStashError) {
        guard !control.key.rawValue.isEmpty else {
            throw QStashError(.optionInvalid, "the flow control key is empty", option: "flowControl.key")
        }
        try set(.upstashFlowControlKey, control.key.rawValue, option: "flowControl.key")
        var parts: [String] = []
        if let parallelism = control.parallelism {
            parts.append("parallelism=\(try Self.limit(parallelism, option: "flowControl.parallelism"))")
        }
        if let rate = control.rate { parts.append("rate=\(try Self.limit(rate, option: "flowControl.rate"))") }
        guard !parts.isEmpty else {
            throw QStashError(.optionInvalid, "flow control needs a parallelism, a rate or both", option: "flowControl")
        }
        if let period = control.period {
            let seconds = try Self.wholeSeconds(period, option: "flowControl.period")
            guard (1...604_800).contains(seconds) else {
                throw QStashError(.optionInvalid, "a period lasts from 1 s to a week", option: "flowControl.period")
            }
            parts.append("period=\(seconds)s")
        }
        fields[.upstashFlowControlValue] = parts.joined(separator: ", ")
    }
}
