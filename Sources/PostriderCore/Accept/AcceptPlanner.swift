package import QStashWire

/// Turns a checked publish into what is stored.
package struct AcceptPlanner: Sendable {
    /// What a publish gets when it does not say.
    package struct Settings: Hashable, Sendable {
        package var retriesDefault = 3
        /// How long a deduplication id is held.
        package var deduplicationWindowSeconds: Int64 = 600
        package var wire = WireLimits()

        package init() {}
    }

    /// The settings in force.
    package let settings: Settings

    package init(settings: Settings) {
        self.settings = settings
    }

    /// The acceptance of a publish.
    ///
    /// - Throws: ``WireError`` when a time lies beyond the limits.
    package func plan(_ request: PublishRequest, key: MessageKey, now: Timestamp) throws(WireError) -> Acceptance {
        let options = request.options
        // The parser tried the expression for its own default; this broker's may allow more retries.
        if options.retries == nil { try options.retryDelay?.validate(retries: settings.retriesDefault) }
        let notBefore = try options.notBeforeMilliseconds(nowMilliseconds: now.milliseconds, limits: settings.wire)
        let message = Message(
            key: key,
            account: request.account,
            destination: request.destination,
            createdAt: now,
            notBefore: Timestamp(milliseconds: notBefore),
            settings: MessageSettings(
                options: options,
                retriesDefault: settings.retriesDefault,
                callerIP: request.callerIP
            ),
            body: .bytes(request.body)
        )
        return Acceptance(message: message, deduplication: claim(request, now: now))
    }

    /// The explicit id wins over one made from the content (docs/WIRE.md, "Deduplication").
    private func claim(_ request: PublishRequest, now: Timestamp) -> DeduplicationClaim? {
        let expiresAt = now.adding(milliseconds: settings.deduplicationWindowSeconds * 1_000)
        if let id = request.options.deduplicationID { return DeduplicationClaim(id: id, expiresAt: expiresAt) }
        guard request.options.isContentBasedDeduplication else { return nil }
        let id = ContentDeduplication.id(
            destination: request.destination.text,
            headers: request.options.headers,
            body: request.body
        )
        return DeduplicationClaim(id: id, expiresAt: expiresAt)
    }
}

/// A publish whose every part has been parsed and checked, except for the limits that need a clock.
package struct PublishRequest: Sendable {
    package var account: Account
    package var destination: DestinationURL
    package var options: PublishOptions
    package var body: [UInt8]
    /// The publisher's address as text; empty when it is not known.
    package var callerIP: String

    package init(
        account: Account,
        destination: DestinationURL,
        options: PublishOptions,
        body: [UInt8],
        callerIP: String
    ) {
        self.account = account
        self.destination = destination
        self.options = options
        self.body = body
        self.callerIP = callerIP
    }
}
