public import HTTPTypes

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A message as the server keeps it (wire reference, section 11.1).
public struct StoredMessage: Sendable, Hashable {
    /// The message's id.
    public let id: MessageID

    /// Where it goes.
    public let url: String

    /// The method of its delivery.
    public let method: HTTPRequest.Method

    /// The content type and the forwarded headers, in the order of their names; repeated ones are kept apart.
    ///
    /// Fields whose name HTTP does not allow are left out. Redacted values read `REDACTED:<hash>`.
    public let headers: HTTPFields

    /// The body; empty for none.
    ///
    /// A redacted one reads `REDACTED:<hash>`.
    public let body: [UInt8]

    /// How often a failed delivery is repeated at most.
    public let retriesMax: Int

    /// The moment before which it is not delivered.
    public let notBefore: Date

    /// When it was accepted.
    public let createdAt: Date

    /// The wait before each repetition; nil for the server's default.
    public let retryDelay: RetryDelay?

    /// The URL group it was published to; nil for none.
    public let urlGroup: URLGroupName?

    /// The name of the group's endpoint; nil when it has none.
    public let endpointName: String?

    /// The queue it goes through; nil for none.
    public let queue: QueueName?

    /// The schedule that made it; nil for none.
    public let scheduleID: ScheduleID?

    /// The URL called after every attempt; nil for none.
    public let callback: String?

    /// The headers of the callback.
    public let callbackHeaders: HTTPFields

    /// The URL called when the message is given up; nil for none.
    public let failureCallback: String?

    /// The headers of the failure callback.
    public let failureCallbackHeaders: HTTPFields

    /// The address of the publisher; nil when the server does not say.
    public let callerIP: String?

    /// The labels; empty for none.
    public let labels: [String]

    /// Key and limits of flow control; nil for none.
    public let flowControl: FlowControl?
}

extension StoredMessage: Decodable {
    /// Reads the wire's form, in either of the spellings in use.
    public init(from decoder: any Decoder) throws {
        let fields = try AnswerFields(from: decoder)
        id = try fields.requiredIdentifier("messageId")
        url = try fields.container.decode(String.self, forKey: "url")
        method = try fields.required(try fields.method("method"), "method")
        headers = try fields.headers("header")
        body = try fields.body("body", base64: "bodyBase64")
        retriesMax = try fields.requiredCount("maxRetries")
        notBefore = try fields.requiredTime("notBefore")
        createdAt = try fields.requiredTime("createdAt")
        retryDelay = try fields.retryDelay()
        urlGroup = try fields.identifier("topicName")
        endpointName = try fields.text("endpointName")
        queue = try fields.identifier("queueName")
        scheduleID = try fields.identifier("scheduleId")
        callback = try fields.text("callback")
        callbackHeaders = try fields.headers("callbackHeader", "callbackHeaders")
        failureCallback = try fields.text("failureCallback")
        failureCallbackHeaders = try fields.headers("failureCallbackHeader", "failureCallbackHeaders")
        callerIP = try fields.text("callerIP", "callerIp")
        labels = try fields.labels()
        flowControl = try fields.flowControl()
    }
}

extension StoredMessage: CustomStringConvertible {
    /// The id; body, headers and URL may hold secrets and do not belong in logs.
    public var description: String { "StoredMessage(\(id))" }
}
