public import HTTPTypes

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// An entry of the log: one thing that happened to one message (wire reference, section 13).
///
/// Besides ``time``, ``messageID``, ``state`` and ``url`` every part may be missing.
public struct Event: Sendable, Hashable {
    /// When it happened.
    public let time: Date

    /// The message it happened to.
    public let messageID: MessageID

    /// What happened.
    public let state: State

    /// Where the message goes.
    public let url: String

    /// The method of the delivery; nil when the server does not say.
    public let method: HTTPRequest.Method?

    /// The message's headers; see ``StoredMessage/headers``.
    public let headers: HTTPFields

    /// The message's body; empty when it has none or the server leaves it out of the log.
    public let body: [UInt8]

    /// Why an attempt failed; nil for other states.
    public let error: String?

    /// When the next attempt is due; with ``State/retry``.
    public let nextDeliveryAt: Date?

    /// The status that the destination answered; nil without an answer.
    public let responseStatus: Int?

    /// The headers that the destination answered.
    public let responseHeaders: HTTPFields

    /// The body that the destination answered, which the server may have cut short.
    public let responseBody: [UInt8]

    /// How long the destination may take; nil when the server does not say.
    public let timeout: Duration?

    /// How often a failed delivery is repeated at most; nil when the server does not say.
    public let retriesMax: Int?

    /// The wait before each repetition; nil for the server's default.
    public let retryDelay: RetryDelay?

    /// The URL called after every attempt; nil for none.
    public let callback: String?

    /// The headers of the callback.
    public let callbackHeaders: HTTPFields

    /// The URL called when the message is given up; nil for none.
    public let failureCallback: String?

    /// The headers of the failure callback.
    public let failureCallbackHeaders: HTTPFields

    /// The URL group that the message was published to; nil for none.
    public let urlGroup: URLGroupName?

    /// The name of the group's endpoint; nil when it has none.
    public let endpointName: String?

    /// The queue that the message goes through; nil for none.
    public let queue: QueueName?

    /// The schedule that made the message; nil for none.
    public let scheduleID: ScheduleID?

    /// The message's labels; empty for none.
    public let labels: [String]

    /// Key and limits of flow control; nil for none.
    public let flowControl: FlowControl?
}

extension Event: Decodable {
    /// Reads the wire's form, in either of the spellings in use.
    public init(from decoder: any Decoder) throws {
        let fields = try AnswerFields(from: decoder)
        time = try fields.requiredTime("time")
        messageID = try fields.requiredIdentifier("messageId")
        state = State(rawValue: try fields.requiredText("state"))
        url = try fields.container.decode(String.self, forKey: "url")
        method = try fields.method("method")
        headers = try fields.headers("header")
        body = try fields.base64("body")
        error = try fields.text("error")
        nextDeliveryAt = try fields.time("nextDeliveryTime")
        responseStatus = try fields.status("responseStatus")
        responseHeaders = try fields.headers("responseHeaders", "responseHeader")
        responseBody = try fields.base64("responseBody")
        timeout = try fields.milliseconds("timeout")
        retriesMax = try fields.count("maxRetries")
        retryDelay = try fields.retryDelay()
        callback = try fields.text("callback")
        callbackHeaders = try fields.headers("callbackHeaders", "callbackHeader")
        failureCallback = try fields.text("failureCallback")
        failureCallbackHeaders = try fields.headers("failureCallbackHeaders", "failureCallbackHeader")
        urlGroup = try fields.identifier("topicName")
        endpointName = try fields.text("endpointName")
        queue = try fields.identifier("queueName")
        scheduleID = try fields.identifier("scheduleId")
        labels = try fields.labels()
        flowControl = try fields.flowControl()
    }
}

extension Event: CustomStringConvertible {
    /// Message and state; bodies, headers and URL may hold secrets and do not belong in logs.
    public var description: String { "Event(\(messageID), \(state))" }
}
