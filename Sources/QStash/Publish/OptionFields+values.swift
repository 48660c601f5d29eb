import HTTPTypes
import QStashWire

extension OptionFields {
    /// The headers that every delivery sets itself.
    private static let reserved: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "te", "upgrade", "trailer", "keep-alive",
        "expect", "proxy-connection", "upstash-message-id", "upstash-retried", "upstash-signature",
        "upstash-caller-ip", "upstash-schedule-id", "upstash-topic-name", "upstash-region",
    ]

    /// Adds a callback and its options.
    mutating func add(_ callback: Callback, named name: String, option: String, queued: Bool) throws(QStashError) {
        let prefix = "Upstash-\(name)"
        try setNamed(prefix, try DestinationText.checkedURL(callback.url, option: "\(option).url"))
        if let method = callback.method {
            try setNamed("\(prefix)-Method", try Self.method(method, option: "\(option).method"))
        }
        if let retries = callback.retries {
            try setNamed("\(prefix)-Retries", try Self.count(retries, option: "\(option).retries"))
        }
        if let delay = callback.retryDelay {
            let text = try delay.checked(retries: callback.retries, option: "\(option).retryDelay")
            try setNamed("\(prefix)-Retry-Delay", text)
        }
        if let timeout = callback.timeout {
            try setNamed("\(prefix)-Timeout", try Self.seconds(timeout, atLeast: 1, option: "\(option).timeout"))
        }
        if let delay = callback.delay {
            guard !queued else { throw Self.notForQueues("\(option).delay") }
            try setNamed("\(prefix)-Delay", try Self.seconds(delay, atLeast: 0, option: "\(option).delay"))
        }
        try forward(callback.headers, prefix: "\(prefix)-Forward-", option: "\(option).headers")
    }

    /// Adds headers for a destination, each under the prefix that has it forwarded.
    mutating func forward(_ headers: HTTPFields, prefix: String, option: String) throws(QStashError) {
        for field in headers { try forward(field, prefix: prefix, option: option) }
    }

    /// Adds one header for a destination.
    mutating func forward(_ field: HTTPField, prefix: String, option: String) throws(QStashError) {
        // Other names that begin with `Upstash-` are forwarded like any: the options of a message have properties of their own.
        let name = field.name.canonicalName
        guard !Self.reserved.contains(name), !name.hasPrefix("postrider-") else {
            throw QStashError(.optionInvalid, "\(field.name.rawName) is set by the delivery itself", option: option)
        }
        guard name != "content-type" else {
            throw QStashError(.optionInvalid, "the content type belongs to the body", option: option)
        }
        guard let prefixed = HTTPField.Name(prefix + field.name.rawName) else {
            throw QStashError(.optionInvalid, "a header has no valid name", option: option)
        }
        fields.append(HTTPField(name: prefixed, value: try Self.value(field.value, option: option)))
    }

    /// A value that can travel in a header.
    ///
    /// `HTTPField` would turn a line break into a blank and say nothing.
    static func value(_ text: String, option: String) throws(QStashError) -> String {
        guard HTTPField.isValidValue(text) else {
            throw QStashError(
                .optionInvalid,
                "\(option) has a control character, or a blank at its beginning or end",
                option: option
            )
        }
        return text
    }

    static func method(_ method: HTTPRequest.Method, option: String) throws(QStashError) -> String {
        switch method {
        case .get, .post, .put, .patch, .delete: return method.rawValue
        default:
            throw QStashError(.optionInvalid, "\(option) is one of GET, POST, PUT, PATCH, DELETE", option: option)
        }
    }

    static func count(_ number: Int, option: String) throws(QStashError) -> String {
        guard number >= 0 else { throw QStashError(.optionInvalid, "\(option) is at least 0", option: option) }
        return "\(number)"
    }

    static func limit(_ number: Int, option: String) throws(QStashError) -> Int {
        guard number >= 1, number <= Int(Int32.max) else {
            throw QStashError(.optionInvalid, "\(option) is from 1 to \(Int32.max)", option: option)
        }
        return number
    }

    static func seconds(_ duration: Duration, atLeast least: Int64, option: String) throws(QStashError) -> String {
        let seconds = try wholeSeconds(duration, option: option)
        guard seconds >= least else {
            throw QStashError(.optionInvalid, "\(option) is at least \(least) s", option: option)
        }
        return WireDuration.text(seconds: seconds)
    }

    /// The seconds of a duration; the wire has no smaller unit, and a delay that is cut in silence would be a surprise.
    static func wholeSeconds(_ duration: Duration, option: String) throws(QStashError) -> Int64 {
        let (seconds, attoseconds) = duration.components
        guard attoseconds == 0 else {
            throw QStashError(.optionInvalid, "\(option) is given in whole seconds", option: option)
        }
        return seconds
    }

    static func notForQueues(_ option: String) -> QStashError {
        QStashError(.optionInvalid, "\(option) does not exist for queues", option: option)
    }

    private mutating func setNamed(_ name: String, _ value: String) throws(QStashError) {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no field name") }
        fields[name] = value
    }
}

extension HTTPField.Name {
    static let upstashMethod = name("Upstash-Method")
    static let upstashDelay = name("Upstash-Delay")
    static let upstashNotBefore = name("Upstash-Not-Before")
    static let upstashRetries = name("Upstash-Retries")
    static let upstashRetryDelay = name("Upstash-Retry-Delay")
    static let upstashTimeout = name("Upstash-Timeout")
    static let upstashDeduplicationID = name("Upstash-Deduplication-Id")
    static let upstashContentBasedDeduplication = name("Upstash-Content-Based-Deduplication")
    static let upstashFlowControlKey = name("Upstash-Flow-Control-Key")
    static let upstashFlowControlValue = name("Upstash-Flow-Control-Value")
    static let upstashLabel = name("Upstash-Label")
    static let upstashRedactFields = name("Upstash-Redact-Fields")
    static let upstashCron = name("Upstash-Cron")
    static let upstashScheduleID = name("Upstash-Schedule-Id")
    static let upstashQueueName = name("Upstash-Queue-Name")

    private static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no field name") }
        return name
    }
}
