package import QStashWire

/// Builds the request of one attempt, signed for this attempt alone.
package struct DeliveryPlanner: Sendable {
    /// What every delivery has in common.
    package struct Settings: Hashable, Sendable {
        /// Sent as `Upstash-Region`.
        package var region = "EU-CENTRAL-1"
        /// The bound of an exchange when the message names none.
        package var timeoutDefaultSeconds: Int64 = 900
        /// The bound no message can exceed.
        package var timeoutMaxSeconds: Int64 = 7_200
        /// How much of an answer's body is kept.
        package var responseBodyBytesMax = 1_048_576

        package init() {}
    }

    private let settings: Settings
    private let store: StoreID

    package init(settings: Settings, store: StoreID) {
        self.settings = settings
        self.store = store
    }

    /// The request of an attempt.
    ///
    /// - Parameters:
    ///   - body: The message's bytes, or the rendered callback.
    ///   - tokenID: Random text that makes the signature unique.
    package func request(
        message: Message,
        body: [UInt8],
        retried: Int,
        now: Timestamp,
        key: SigningKey,
        tokenID: String
    ) -> DeliveryRequest {
        let signature = MessageSignature.sign(
            body: body,
            url: message.destination.text,
            issuedAtSeconds: now.seconds,
            tokenID: "jwt_" + tokenID,
            key: key
        )
        let own = message.settings.headers
        var headers: [HeaderField] = []
        headers.reserveCapacity(own.count + 8)
        if !own.contains(where: { $0.isNamed("User-Agent") }) {
            headers.append(HeaderField(name: "User-Agent", value: "Upstash-QStash"))
        }
        headers.append(contentsOf: own)
        headers.append(
            HeaderField(name: "Upstash-Message-Id", value: MessageID(key: message.key, store: store).description)
        )
        headers.append(HeaderField(name: "Upstash-Retried", value: String(retried)))
        headers.append(HeaderField(name: "Postrider-Max-Retries", value: String(message.settings.retriesMax)))
        headers.append(HeaderField(name: "Upstash-Signature", value: signature))
        if !message.settings.callerIP.isEmpty {
            headers.append(HeaderField(name: "Upstash-Caller-Ip", value: message.settings.callerIP))
        }
        headers.append(HeaderField(name: "Upstash-Region", value: settings.region))
        let timeoutSeconds = min(
            message.settings.timeoutSeconds ?? settings.timeoutDefaultSeconds,
            settings.timeoutMaxSeconds
        )
        return DeliveryRequest(
            url: message.destination,
            method: message.settings.method,
            headers: headers,
            body: body,
            timeoutMilliseconds: timeoutSeconds * 1_000,
            responseBodyBytesMax: settings.responseBodyBytesMax
        )
    }
}
