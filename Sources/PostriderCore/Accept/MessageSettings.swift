package import QStashWire

/// How a message is delivered and reported: everything of a publish but its destination, times and body.
package struct MessageSettings: Hashable, Sendable {
    package var method: String
    /// What the destination receives: `Content-Type` and the forwarded headers, in canonical case.
    package var headers: [HeaderField]
    /// Attempts allowed after the first.
    package var retriesMax: Int
    /// Nil means the broker's default.
    package var timeoutSeconds: Int64?
    /// The text of `Upstash-Retry-Delay`, checked when it was accepted; nil means the default back-off.
    package var retryDelay: String?
    package var callback: CallbackSettings?
    package var failureCallback: CallbackSettings?
    package var flowControl: FlowControl?
    package var labels: [String]
    package var redact: RedactFields?
    /// The publisher's address, as text; empty when it is not known.
    package var callerIP: String

    package init(
        method: String = "POST",
        headers: [HeaderField] = [],
        retriesMax: Int = 3,
        timeoutSeconds: Int64? = nil,
        retryDelay: String? = nil,
        callback: CallbackSettings? = nil,
        failureCallback: CallbackSettings? = nil,
        flowControl: FlowControl? = nil,
        labels: [String] = [],
        redact: RedactFields? = nil,
        callerIP: String = ""
    ) {
        self.method = method
        self.headers = headers
        self.retriesMax = retriesMax
        self.timeoutSeconds = timeoutSeconds
        self.retryDelay = retryDelay
        self.callback = callback
        self.failureCallback = failureCallback
        self.flowControl = flowControl
        self.labels = labels
        self.redact = redact
        self.callerIP = callerIP
    }
}

/// Where and how a callback is sent; nil fields inherit from the source message or its defaults.
package struct CallbackSettings: Hashable, Sendable {
    package var url: String
    package var method: String
    package var headers: [HeaderField]
    /// Nil means as many as the source message has.
    package var retriesMax: Int?
    package var timeoutSeconds: Int64?
    package var retryDelay: String?
    /// Seconds between the attempt's end and the callback's first attempt.
    package var delaySeconds: Int64?

    package init(
        url: String,
        method: String = "POST",
        headers: [HeaderField] = [],
        retriesMax: Int? = nil,
        timeoutSeconds: Int64? = nil,
        retryDelay: String? = nil,
        delaySeconds: Int64? = nil
    ) {
        self.url = url
        self.method = method
        self.headers = headers
        self.retriesMax = retriesMax
        self.timeoutSeconds = timeoutSeconds
        self.retryDelay = retryDelay
        self.delaySeconds = delaySeconds
    }
}
