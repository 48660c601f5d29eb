import FoundationEssentials
import HTTPTypes
import QStash

/// A message in the names of the wire, for programs; secrets among its headers are hidden.
struct MessageRecord: Encodable {
    let messageId: String
    let url: String
    let method: String
    let header: [String: [String]]?
    let body: String?
    let bodyBase64: String?
    let maxRetries: Int
    let notBefore: Date
    let createdAt: Date
    let retryDelayExpression: String?
    let topicName: String?
    let endpointName: String?
    let queueName: String?
    let scheduleId: String?
    let callback: String?
    let failureCallback: String?
    let callerIP: String?
    let labels: [String]?
    let flowControlKey: String?
    let parallelism: Int?
    let rate: Int?
    /// Whole seconds.
    let period: Int64?

    init(_ message: StoredMessage) {
        let (text, base64) = Self.texts(of: message.body)
        messageId = message.id.rawValue
        url = message.url
        method = message.method.rawValue
        header = ShownHeaders.map(of: message.headers)
        body = text
        bodyBase64 = base64
        maxRetries = message.retriesMax
        notBefore = message.notBefore
        createdAt = message.createdAt
        retryDelayExpression = message.retryDelay?.expression
        topicName = message.urlGroup?.rawValue
        endpointName = message.endpointName
        queueName = message.queue?.rawValue
        scheduleId = message.scheduleID?.rawValue
        callback = message.callback
        failureCallback = message.failureCallback
        callerIP = message.callerIP
        labels = message.labels.isEmpty ? nil : message.labels
        flowControlKey = message.flowControl?.key.rawValue
        parallelism = message.flowControl?.parallelism
        rate = message.flowControl?.rate
        period = message.flowControl?.period?.components.seconds
    }

    /// A body as text, or in base64 when it is none; neither for no body.
    static func texts(of body: [UInt8]) -> (text: String?, base64: String?) {
        guard !body.isEmpty else { return (nil, nil) }
        if let text = String(validating: body, as: UTF8.self) { return (text, nil) }
        return (nil, Data(body).base64EncodedString())
    }
}

/// A dead letter in the names of the wire: the message's, and what became of it.
struct DeadLetterRecord: Encodable {
    private let letter: DeadLetter

    private enum CodingKeys: String, CodingKey {
        case dlqId, error, responseBody, responseBodyBase64, responseHeader, responseStatus
    }

    init(_ letter: DeadLetter) {
        self.letter = letter
    }

    func encode(to encoder: any Encoder) throws {
        try MessageRecord(letter.message).encode(to: encoder)
        let (text, base64) = MessageRecord.texts(of: letter.responseBody)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(letter.id, forKey: .dlqId)
        try container.encode(letter.responseStatus ?? 0, forKey: .responseStatus)
        try container.encodeIfPresent(letter.error, forKey: .error)
        try container.encodeIfPresent(ShownHeaders.map(of: letter.responseHeaders), forKey: .responseHeader)
        try container.encodeIfPresent(text, forKey: .responseBody)
        try container.encodeIfPresent(base64, forKey: .responseBodyBase64)
    }
}
