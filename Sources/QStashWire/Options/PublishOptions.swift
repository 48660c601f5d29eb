/// Everything that a publish request says about its message besides destination and body.
package struct PublishOptions: Hashable, Sendable {
    /// How often a failed delivery is retried when the request does not say.
    package static let retriesDefault = 3

    /// The method towards the destination, in capitals; `POST` unless given.
    package var method = "POST"

    /// The headers that the destination receives, in canonical case: `Content-Type` first if there is one, then the
    /// forwarded headers in the order they came, repeated names kept.
    package var headers: [HeaderField] = []

    /// How often a failed delivery is retried; nil means ``retriesDefault``.
    package var retries: Int?

    /// The wait before each retry; nil means the default backoff.
    package var retryDelay: RetryDelayExpression?

    /// Seconds to wait before the first delivery; nil sends at once.
    ///
    /// Not for queued messages, which the caller checks.
    package var delaySeconds: Int64?

    /// Unix seconds before which nothing is delivered; wins over ``delaySeconds``.
    package var notBeforeSeconds: Int64?

    /// Seconds that the destination may take, already shortened to the server's limit; nil means the server's default.
    package var timeoutSeconds: Int64?

    /// The id under which duplicates are recognised; wins over ``isContentBasedDeduplication``.
    package var deduplicationID: String?

    /// Whether duplicates are recognised by a hash of the content.
    package var isContentBasedDeduplication = false

    /// The request made after each attempt.
    package var callback: CallbackOptions?

    /// The request made when the message has failed for good.
    package var failureCallback: CallbackOptions?

    /// Key and limits of flow control.
    package var flowControl: FlowControl?

    /// The labels in order, without repetitions.
    package var labels: [String] = []

    /// What the API shows redacted.
    package var redact: RedactFields?

    /// The cron text of a schedule, trimmed but not parsed.
    package var cron: String?

    /// The id that a schedule is to have.
    package var scheduleID: String?

    /// The queue that a schedule fires into.
    package var queueName: String?

    /// Whether the request asked for all of its headers to be forwarded; ``headers`` holds them already.
    package var isHeaderForwardAll = false

    /// The options of a request that sets none.
    package init() {}

    /// Reads the options of a publish request, a batch item or a schedule.
    ///
    /// A header wins over a query parameter of the same name. Unknown `Upstash-` headers and telemetry are ignored. An
    /// option given twice must say the same both times; lists add up. An empty value is refused, except that of
    /// `Upstash-Label`, which clients send for an empty list (docs/WIRE.md, "Request headers").
    ///
    /// - Parameters:
    ///   - headers: all headers of the request, or of the batch item, in order.
    ///   - query: the `upstash-…` parameters of its query; see ``ControlParameters``.
    /// - Throws: ``WireError`` for the first option that is malformed (400) or above a quota (412).
    package static func parse(
        headers: [HeaderField],
        query: [HeaderField] = [],
        limits: WireLimits = WireLimits()
    ) throws(WireError) -> PublishOptions {
        var parser = PublishOverridesParser(limits: limits, takesContentType: true)
        return try PublishOptions().overriding(with: try parser.parse(headers: headers, query: query))
    }
}

extension PublishOptions {
    /// The options with the settings that are present in `overrides` replaced.
    ///
    /// Two pairs are replaced as one, because one half decides about the other: delay and not-before, and the two forms
    /// of deduplication.
    ///
    /// - Throws: ``WireError`` with code `expressionInvalid` when a retry-delay expression is not finite for one of
    ///   the retries that can happen now.
    package func overriding(with overrides: PublishOverrides) throws(WireError) -> PublishOptions {
        var options = self
        if let method = overrides.method { options.method = method }
        options.headers = headers.overriding(with: overrides.headers)
        options.retries = overrides.retries ?? retries
        options.retryDelay = overrides.retryDelay ?? retryDelay
        if overrides.delaySeconds != nil || overrides.notBeforeSeconds != nil {
            options.delaySeconds = overrides.delaySeconds
            options.notBeforeSeconds = overrides.notBeforeSeconds
        }
        options.timeoutSeconds = overrides.timeoutSeconds ?? timeoutSeconds
        if overrides.deduplicationID != nil || overrides.isContentBasedDeduplication != nil {
            options.deduplicationID = overrides.deduplicationID
            options.isContentBasedDeduplication = overrides.isContentBasedDeduplication ?? false
        }
        options.callback = overrides.callback.applied(to: callback)
        options.failureCallback = overrides.failureCallback.applied(to: failureCallback)
        options.flowControl = overrides.flowControl ?? flowControl
        if let labels = overrides.labels { options.labels = labels }
        options.redact = overrides.redact ?? redact
        options.cron = overrides.cron ?? cron
        options.scheduleID = overrides.scheduleID ?? scheduleID
        options.queueName = overrides.queueName ?? queueName
        if let isHeaderForwardAll = overrides.isHeaderForwardAll { options.isHeaderForwardAll = isHeaderForwardAll }

        let retries = options.retries ?? Self.retriesDefault
        try options.retryDelay?.validate(retries: retries)
        try options.callback?.retryDelay?.validate(retries: options.callback?.retries ?? retries)
        try options.failureCallback?.retryDelay?.validate(retries: options.failureCallback?.retries ?? retries)
        return options
    }

    /// The time of the first delivery in Unix milliseconds.
    ///
    /// `Upstash-Not-Before` wins over `Upstash-Delay`; a time in the past means now.
    ///
    /// - Throws: ``WireError`` with code `delayTooLong` (412) when the time is further ahead than `limits` allows.
    package func notBeforeMilliseconds(
        nowMilliseconds: Int64,
        limits: WireLimits = WireLimits()
    ) throws(WireError) -> Int64 {
        let (latest, isEndless) = nowMilliseconds.addingReportingOverflow(
            Self.milliseconds(limits.delaySecondsMax)
        )
        let wanted: Int64
        if let notBeforeSeconds {
            wanted = max(nowMilliseconds, Self.milliseconds(notBeforeSeconds))
        } else {
            let delay = Self.milliseconds(max(0, delaySeconds ?? 0))
            let (sum, overflow) = nowMilliseconds.addingReportingOverflow(delay)
            wanted = overflow ? Int64.max : sum
        }
        guard isEndless || wanted <= latest else {
            throw WireError(
                .delayTooLong,
                "\(OptionValues.delayMaxText)\(limits.delaySecondsMax)",
                status: 412
            )
        }
        return wanted
    }

    /// Milliseconds of a number of seconds; what does not fit is the highest value.
    private static func milliseconds(_ seconds: Int64) -> Int64 {
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        return overflow ? Int64.max : milliseconds
    }
}
