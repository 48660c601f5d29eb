public import HTTPTypes
public import QStash

/// How one job is published; what is left out comes from the job's type and its retry profile.
public struct JobPublishOptions: Sendable {
    /// Names the business operation, such as `notify:42`, so that publishing it twice within the broker's window delivers it once.
    ///
    /// Any text that is not blank: colons and great length are taken care of.
    public var deduplicationID: String?

    /// Whether the broker recognises a repetition by the content of the message instead.
    public var isDeduplicatedByContent: Bool

    /// A word by which messages are found again; nil for that of the job's type.
    public var label: String?

    /// The wait before the first delivery, in whole seconds; nil for that of the retry profile.
    public var delay: Duration?

    /// How many retries follow the first attempt; nil for that of the retry profile.
    public var retries: Int?

    /// The wait before each retry; nil for that of the retry profile.
    public var retryDelay: RetryDelay?

    /// How long the handler may take, in whole seconds; nil for the broker's maximum.
    public var timeout: Duration?

    /// Limits on what shares a key.
    public var flowControl: FlowControl?

    /// Called after every attempt with its result.
    public var callback: Callback?

    /// Called once when the message is given up.
    public var failureCallback: Callback?

    /// Further header fields for the handler.
    public var headers: HTTPFields

    /// What the broker's interface shows as a hash; for jobs whose parameters are private.
    public var redaction: Redaction?

    /// The path of the job's endpoint; nil for that of its type.
    public var path: String?

    /// Options; every part has a default.
    public init(
        deduplicationID: String? = nil,
        isDeduplicatedByContent: Bool = false,
        label: String? = nil,
        delay: Duration? = nil,
        retries: Int? = nil,
        retryDelay: RetryDelay? = nil,
        timeout: Duration? = nil,
        flowControl: FlowControl? = nil,
        callback: Callback? = nil,
        failureCallback: Callback? = nil,
        headers: HTTPFields = HTTPFields(),
        redaction: Redaction? = nil,
        path: String? = nil
    ) {
        self.deduplicationID = deduplicationID
        self.isDeduplicatedByContent = isDeduplicatedByContent
        self.label = label
        self.delay = delay
        self.retries = retries
        self.retryDelay = retryDelay
        self.timeout = timeout
        self.flowControl = flowControl
        self.callback = callback
        self.failureCallback = failureCallback
        self.headers = headers
        self.redaction = redaction
        self.path = path
    }
}
