public import HTTPTypes

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// How a message is delivered; what is left out means the server's default.
///
/// Everything is checked before anything is sent: a value that cannot work is a ``QStashError`` with code `option_invalid` that names
/// the option (wire reference, section 5).
public struct PublishOptions: Sendable, Hashable {
    /// The method of the delivery: GET, POST, PUT, PATCH or DELETE; nil for POST.
    public var method: HTTPRequest.Method?

    /// Headers for the destination.
    public var headers: HTTPFields

    /// The time to wait before the first delivery, in whole seconds; not for queues.
    public var delay: Duration?

    /// The moment of the first delivery, in whole seconds; wins over ``delay``; not for queues and schedules.
    public var notBefore: Date?

    /// How often a failed delivery is repeated; 0 for a single attempt, nil for the server's default of 3.
    public var retries: Int?

    /// The wait before each repetition; nil for 12 s, 2.5 min, 30 min, 6 h, then a day.
    public var retryDelay: RetryDelay?

    /// How long the destination may take, in whole seconds, at least one; nil for the server's maximum.
    public var timeout: Duration?

    /// How the server recognises that a message was published already; nil for not at all.
    public var deduplication: Deduplication?

    /// Called after every attempt with its result.
    public var callback: Callback?

    /// Called once when the message is given up.
    public var failureCallback: Callback?

    /// Limits on what shares a key; not for queues.
    public var flowControl: FlowControl?

    /// Words by which messages are found again; without commas.
    public var labels: [String]

    /// What the server's interface shows as a hash instead of in clear; the destination gets it as it is.
    public var redaction: Redaction?

    /// Options; every part has a default.
    public init(
        method: HTTPRequest.Method? = nil,
        headers: HTTPFields = HTTPFields(),
        delay: Duration? = nil,
        notBefore: Date? = nil,
        retries: Int? = nil,
        retryDelay: RetryDelay? = nil,
        timeout: Duration? = nil,
        deduplication: Deduplication? = nil,
        callback: Callback? = nil,
        failureCallback: Callback? = nil,
        flowControl: FlowControl? = nil,
        labels: [String] = [],
        redaction: Redaction? = nil
    ) {
        self.method = method
        self.headers = headers
        self.delay = delay
        self.notBefore = notBefore
        self.retries = retries
        self.retryDelay = retryDelay
        self.timeout = timeout
        self.deduplication = deduplication
        self.callback = callback
        self.failureCallback = failureCallback
        self.flowControl = flowControl
        self.labels = labels
        self.redaction = redaction
    }
}

extension PublishOptions: CustomStringConvertible, CustomReflectable {
    /// How many headers there are, and whether there are callbacks: values of headers and URLs may be secrets and do not belong in logs.
    public var description: String {
        """
        PublishOptions(\(headers.count) headers, \(labels.count) labels\(callback == nil ? "" : ", callback")\
        \(failureCallback == nil ? "" : ", failure callback"))
        """
    }

    /// The number of headers alone.
    public var customMirror: Mirror { Mirror(self, children: ["headers": headers.count]) }
}
