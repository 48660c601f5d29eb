package import QStashWire

/// Turns a dead letter into the message that replaces it: the same, with a fresh budget of retries.
package struct RedrivePlanner: Sendable {
    private let limits: WireLimits

    package init(limits: WireLimits) {
        self.limits = limits
    }

    /// The new message.
    ///
    /// - Parameter overrides: Settings the retry request names; each replaces the dead message's, the rest stay.
    /// - Throws: ``WireError`` when the settings contradict each other or the delay is beyond the limit.
    package func plan(
        _ dead: Message,
        overrides: PublishOverrides,
        key: MessageKey,
        now: Timestamp
    ) throws(WireError) -> Message {
        var before = PublishOptions()
        before.method = dead.settings.method
        before.headers = dead.settings.headers
        before.retries = dead.settings.retriesMax
        before.retryDelay = try dead.settings.retryDelay.map { text throws(WireError) in
            try RetryDelayExpression(parsing: text)
        }
        before.timeoutSeconds = dead.settings.timeoutSeconds
        before.callback = try Self.options(dead.settings.callback)
        before.failureCallback = try Self.options(dead.settings.failureCallback)
        before.flowControl = dead.settings.flowControl
        before.labels = dead.settings.labels
        before.redact = dead.settings.redact
        let options = try before.overriding(with: overrides)
        let notBefore = try options.notBeforeMilliseconds(nowMilliseconds: now.milliseconds, limits: limits)
        return Message(
            key: key,
            account: dead.account,
            destination: dead.destination,
            createdAt: now,
            notBefore: Timestamp(milliseconds: notBefore),
            settings: MessageSettings(
                options: options,
                retriesDefault: dead.settings.retriesMax,
                callerIP: dead.settings.callerIP
            ),
            body: dead.body
        )
    }

    private static func options(_ settings: CallbackSettings?) throws(WireError) -> CallbackOptions? {
        guard let settings else { return nil }
        return CallbackOptions(
            url: try DestinationURL(parsing: settings.url),
            method: settings.method,
            headers: settings.headers,
            retries: settings.retriesMax,
            retryDelay: try settings.retryDelay.map { text throws(WireError) in try RetryDelayExpression(parsing: text)
            },
            timeoutSeconds: settings.timeoutSeconds,
            delaySeconds: settings.delaySeconds
        )
    }
}
