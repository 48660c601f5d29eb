public import HTTPTypes

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A schedule as the server keeps it (wire reference, section 16).
public struct Schedule: Sendable, Hashable {
    /// The schedule's id.
    public let id: ScheduleID

    /// When messages are published; see ``ScheduleRequest/cron``.
    public let cron: String

    /// Where messages go: a URL, or the name of a URL group.
    public let destination: String

    /// When it was made, or replaced.
    public let createdAt: Date

    /// The method of the deliveries.
    public let method: HTTPRequest.Method

    /// The content type and the forwarded headers; see ``StoredMessage/headers``.
    public let headers: HTTPFields

    /// What each message carries; empty for nothing.
    public let body: [UInt8]

    /// How often a failed delivery is repeated at most.
    public let retriesMax: Int

    /// The wait before each repetition; nil for the server's default.
    public let retryDelay: RetryDelay?

    /// The wait between the moment of the schedule and the delivery; nil for none.
    public let delay: Duration?

    /// How long the destination may take; nil for the server's maximum.
    public let timeout: Duration?

    /// The URL called after every attempt; nil for none.
    public let callback: String?

    /// The headers of the callback.
    public let callbackHeaders: HTTPFields

    /// The URL called when a message is given up; nil for none.
    public let failureCallback: String?

    /// The headers of the failure callback.
    public let failureCallbackHeaders: HTTPFields

    /// The queue that messages go through; nil for none.
    public let queue: QueueName?

    /// Key and limits of flow control; nil for none.
    public let flowControl: FlowControl?

    /// The labels of the messages; empty for none.
    public let labels: [String]

    /// The address of who made the schedule; nil when the server does not say.
    public let callerIP: String?

    /// Whether no messages are published; moments that pass meanwhile are not made up for.
    public let isPaused: Bool

    /// When it last published; nil when it has not yet.
    public let lastScheduledAt: Date?

    /// When it publishes next; nil when the server does not say.
    public let nextScheduledAt: Date?

    /// What became of the messages published last.
    public let lastScheduleStates: [MessageID: State]

    /// Why it could not publish last; nil when it could.
    public let error: String?

    /// What became of a message of a schedule: a name of the wire, kept when it is not known here.
    public struct State: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
        /// The name, such as `SUCCESS`.
        public let rawValue: String

        /// The state of that name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// Not done yet.
        public static let inProgress = State(rawValue: "IN_PROGRESS")
        /// Delivered.
        public static let success = State(rawValue: "SUCCESS")
        /// Given up.
        public static let fail = State(rawValue: "FAIL")

        /// The name.
        public var description: String { rawValue }
    }
}

extension Schedule: Decodable {
    /// Reads the wire's form, in either of the spellings in use.
    public init(from decoder: any Decoder) throws {
        let fields = try AnswerFields(from: decoder)
        id = try fields.requiredIdentifier("scheduleId")
        cron = try fields.requiredText("cron")
        destination = try fields.requiredText("destination")
        createdAt = try fields.requiredTime("createdAt")
        method = try fields.required(try fields.method("method"), "method")
        headers = try fields.headers("header")
        body = try fields.body("body", base64: "bodyBase64")
        retriesMax = try fields.requiredCount("retries")
        retryDelay = try fields.retryDelay()
        delay = try fields.seconds("delay")
        timeout = try fields.seconds("timeout")
        callback = try fields.text("callback")
        callbackHeaders = try fields.headers("callbackHeader", "callbackHeaders")
        failureCallback = try fields.text("failureCallback")
        failureCallbackHeaders = try fields.headers("failureCallbackHeader", "failureCallbackHeaders")
        queue = try fields.identifier("queueName")
        flowControl = try fields.flowControl()
        labels = try fields.labels()
        callerIP = try fields.text("callerIP", "callerIp")
        isPaused = try fields.flag("isPaused")
        lastScheduledAt = try fields.time("lastScheduleTime")
        nextScheduledAt = try fields.time("nextScheduleTime")
        let states = try fields.container.decodeIfPresent([String: String].self, forKey: "lastScheduleStates") ?? [:]
        lastScheduleStates = Dictionary(
            uniqueKeysWithValues: states.map { (MessageID($0.key), State(rawValue: $0.value)) }
        )
        error = try fields.text("error")
    }
}

extension Schedule: CustomStringConvertible {
    /// Id and cron text; body, headers and URL may hold secrets and do not belong in logs.
    public var description: String { "Schedule(\(id), \(cron))" }
}
