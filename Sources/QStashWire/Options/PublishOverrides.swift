/// What one request says about a message; whatever it does not say is nil or empty.
///
/// A publish request is these overrides applied to the defaults. A retry from the dead letter queue is these overrides
/// applied to the options of the dead message, so that only what the request names is replaced.
package struct PublishOverrides: Hashable, Sendable {
    /// The method in capitals.
    package var method: String?
    /// The headers for the destination: `Content-Type` first if given, then the forwarded ones.
    package var headers: [HeaderField] = []
    /// How often a failed delivery is retried.
    package var retries: Int?
    /// The wait before each retry.
    package var retryDelay: RetryDelayExpression?
    /// Seconds to wait before the first delivery.
    package var delaySeconds: Int64?
    /// Unix seconds before which nothing is delivered.
    package var notBeforeSeconds: Int64?
    /// Seconds that the destination may take, shortened to the server's limit.
    package var timeoutSeconds: Int64?
    /// The id under which duplicates are recognised.
    package var deduplicationID: String?
    /// Whether the id is a hash of the content.
    package var isContentBasedDeduplication: Bool?
    /// What is said about the callback.
    package var callback = CallbackOverrides()
    /// What is said about the failure callback.
    package var failureCallback = CallbackOverrides()
    /// Key and limits of flow control, which only come together.
    package var flowControl: FlowControl?
    /// The labels; an empty list, from an empty header, removes them.
    package var labels: [String]?
    /// What the API shows redacted.
    package var redact: RedactFields?
    /// The cron text of a schedule, not parsed.
    package var cron: String?
    /// The id of a schedule.
    package var scheduleID: String?
    /// The queue that a schedule fires into.
    package var queueName: String?
    /// Whether all headers of the request are forwarded; ``headers`` then holds them already.
    package var isHeaderForwardAll: Bool?

    /// Overrides that change nothing.
    package init() {}

    /// Reads the options of a request that changes an existing message.
    ///
    /// The request's own `Content-Type` says nothing about the message and is left out; `Upstash-Forward-Content-Type`
    /// changes that of the message.
    ///
    /// - Throws: ``WireError`` for the first bad option, as when publishing.
    package static func parse(
        headers: [HeaderField],
        query: [HeaderField] = [],
        limits: WireLimits = WireLimits()
    ) throws(WireError) -> PublishOverrides {
        var parser = PublishOverridesParser(limits: limits, takesContentType: false)
        return try parser.parse(headers: headers, query: query)
    }
}
