/// A callback of a message: where it goes and how it is delivered.
package struct CallbackOptions: Hashable, Sendable {
    /// Where the callback goes.
    package var url: DestinationURL

    /// The method in capitals; `POST` unless given.
    package var method: String

    /// The headers that the callback request carries, in canonical case and in order.
    package var headers: [HeaderField]

    /// How often the callback is retried; nil means as often as the message.
    package var retries: Int?

    /// The wait before each retry; nil means the default backoff.
    package var retryDelay: RetryDelayExpression?

    /// Seconds that the callback's destination may take; nil means the server's default.
    package var timeoutSeconds: Int64?

    /// Seconds to wait before the callback is sent; nil sends it at once.
    ///
    /// Not for queued messages, which the caller checks.
    package var delaySeconds: Int64?

    /// A callback; nothing is checked.
    package init(
        url: DestinationURL,
        method: String = "POST",
        headers: [HeaderField] = [],
        retries: Int? = nil,
        retryDelay: RetryDelayExpression? = nil,
        timeoutSeconds: Int64? = nil,
        delaySeconds: Int64? = nil
    ) {
        self.url = url
        self.method = method
        self.headers = headers
        self.retries = retries
        self.retryDelay = retryDelay
        self.timeoutSeconds = timeoutSeconds
        self.delaySeconds = delaySeconds
    }

    /// The callback with the settings that are present in `overrides` replaced.
    package func overriding(with overrides: CallbackOverrides) -> CallbackOptions {
        CallbackOptions(
            url: overrides.url ?? url,
            method: overrides.method ?? method,
            headers: headers.overriding(with: overrides.headers),
            retries: overrides.retries ?? retries,
            retryDelay: overrides.retryDelay ?? retryDelay,
            timeoutSeconds: overrides.timeoutSeconds ?? timeoutSeconds,
            delaySeconds: overrides.delaySeconds ?? delaySeconds
        )
    }
}

/// What one request says about a callback; whatever it does not say is nil or empty.
///
/// Without a URL, here or in the message it is applied to, there is no callback: the other options are then checked
/// and have no effect, because clients send them whether or not a callback is set.
package struct CallbackOverrides: Hashable, Sendable {
    /// Where the callback goes.
    package var url: DestinationURL?
    /// The method in capitals.
    package var method: String?
    /// The headers that the callback request carries.
    package var headers: [HeaderField] = []
    /// How often the callback is retried.
    package var retries: Int?
    /// The wait before each retry.
    package var retryDelay: RetryDelayExpression?
    /// Seconds that the callback's destination may take.
    package var timeoutSeconds: Int64?
    /// Seconds to wait before the callback is sent.
    package var delaySeconds: Int64?

    /// Overrides that change nothing.
    package init() {}

    init(url: DestinationURL?, headers: [HeaderField], values: OptionValues) throws(WireError) {
        self.url = url
        self.headers = headers
        method = try values.method()
        retries = try values.retries()
        retryDelay = try values.retryDelay()
        timeoutSeconds = try values.timeoutSeconds()
        delaySeconds = try values.delaySeconds()
    }

    /// The overrides applied to a callback that may not exist yet; nil when there is still no URL.
    package func applied(to callback: CallbackOptions?) -> CallbackOptions? {
        if let callback { return callback.overriding(with: self) }
        guard let url else { return nil }
        return CallbackOptions(url: url).overriding(with: self)
    }
}

extension [HeaderField] {
    /// The headers with those replaced that `overrides` also names; new ones come last, `Content-Type` always first.
    func overriding(with overrides: [HeaderField]) -> [HeaderField] {
        guard !overrides.isEmpty else { return self }
        guard !isEmpty else { return overrides }
        let kept = filter { own in !overrides.contains { $0.isNamed(own.name) } }
        guard let first = overrides.first, first.isNamed("Content-Type") else { return kept + overrides }
        return [first] + kept + overrides.dropFirst()
    }
}
