import HTTPTypes

/// What the header of a delivery says about it.
struct DeliveryFacts: Sendable, Hashable {
    /// The message; nil when the header is missing, or longer than any id.
    let messageID: String?

    /// Which attempt this is, from 1.
    let attempt: Int

    /// How many retries the message has.
    let maxRetries: Int

    /// The request id of the job's record; nil when the message names none.
    let requestID: String?

    /// Whether no attempt follows if this one fails.
    ///
    /// `Upstash-Retried` counts retries, not attempts: the attempt after the last retry is final, and none before it.
    var isFinalAttempt: Bool { attempt > maxRetries }

    /// - Parameter configuredRetries: Counts when the message does not say how many retries it has, as QStash's cloud does not.
    init(_ fields: HTTPFields, configuredRetries: Int) {
        messageID = Self.identifier(fields, FieldNames.messageID)
        let retried = Self.count(fields, FieldNames.retried) ?? 0
        attempt = retried + 1
        maxRetries = Self.count(fields, FieldNames.maxRetries) ?? configuredRetries
        requestID = Self.identifier(fields, FieldNames.requestID)
    }

    private static func identifier(_ fields: HTTPFields, _ name: HTTPField.Name) -> String? {
        guard let text = fields[name], !text.isEmpty, text.utf8.count <= 256 else { return nil }
        return text
    }

    private static func count(_ fields: HTTPFields, _ name: HTTPField.Name) -> Int? {
        guard let text = fields[name], text.utf8.count <= 9, let number = Int(text), number >= 0 else { return nil }
        return number
    }
}

/// The names of header fields of deliveries and answers.
enum FieldNames {
    static let signature = name("Upstash-Signature")
    static let messageID = name("Upstash-Message-Id")
    static let retried = name("Upstash-Retried")
    static let maxRetries = name("Postrider-Max-Retries")
    static let nonRetryable = name("Upstash-NonRetryable-Error")
    static let requestID = name("X-Request-ID")
    static let jobType = name("X-Job-Type")

    private static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("no header field can be named \(text)") }
        return name
    }
}
