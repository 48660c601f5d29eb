package import QStashWire

extension MessageSettings {
    /// The settings that a publish's options ask for.
    ///
    /// - Parameter retriesDefault: Retries when the options name none.
    package init(options: PublishOptions, retriesDefault: Int, callerIP: String) {
        self.init(
            method: options.method,
            headers: options.headers,
            retriesMax: options.retries ?? retriesDefault,
            timeoutSeconds: options.timeoutSeconds,
            retryDelay: options.retryDelay?.text,
            callback: options.callback.map(CallbackSettings.init(options:)),
            failureCallback: options.failureCallback.map(CallbackSettings.init(options:)),
            flowControl: options.flowControl,
            labels: options.labels,
            redact: options.redact,
            callerIP: callerIP
        )
    }
}

extension CallbackSettings {
    /// The settings that a callback's options ask for.
    package init(options: CallbackOptions) {
        self.init(
            url: options.url.text,
            method: options.method,
            headers: options.headers,
            retriesMax: options.retries,
            timeoutSeconds: options.timeoutSeconds,
            retryDelay: options.retryDelay?.text,
            delaySeconds: options.delaySeconds
        )
    }
}
