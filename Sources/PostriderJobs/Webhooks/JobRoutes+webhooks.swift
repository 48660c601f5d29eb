extension JobRoutes {
    /// Adds a hook that a database calls when rows change (application reference, section 4).
    ///
    /// ```swift
    /// routes.databaseWebhook("trips", table: "trip_collaborators", signature: .hmac(secret)) { event, context in
    ///     try await context.publisher?.publish(NotifyCollaborators(eventKey: context.eventKey, event: event))
    ///     return .done(["enqueued": true])
    /// }
    /// ```
    ///
    /// Both forms are understood, that of the platform's built-in webhook and that of a trigger. An event that comes again within
    /// `reservationTTL` is answered `{"ok":true,"duplicate":true}`, unless its handler failed so that it is to be sent again.
    ///
    /// - Parameters:
    ///   - name: Letters, digits, `-`, `_` and `.`; scopes the keys of events, so that two hooks may hear of one table.
    ///   - path: `/api/hooks/<name>` unless said otherwise.
    ///   - table: Events of other tables are answered `{"ok":true,"skipped":true}`; nil for a hook about all tables.
    ///   - signature: How the sender proves itself.
    ///   - reservationTTL: How long an event is known, from when it came.
    ///   - bodyBytesMax: The longest body; longer ones are answered 413.
    ///   - rateLimit: Nil for 100 requests a minute from one address, counted over all hooks together.
    ///   - handler: Handles an event; throws ``WebhookError`` for an answer other than 200, and anything else for 500.
    public mutating func databaseWebhook(
        _ name: String,
        path: String? = nil,
        table: String? = nil,
        signature: some WebhookSignature,
        reservationTTL: Duration = .seconds(300),
        bodyBytesMax: Int = 65_536,
        rateLimit: RateLimit? = nil,
        handler: @escaping @Sendable (DatabaseEvent, WebhookContext) async throws -> WebhookOutcome
    ) {
        let limits = WebhookLimits(
            bodyBytesMax: bodyBytesMax,
            reservationTTL: reservationTTL,
            doneTTL: nil,
            rateLimit: rateLimit
        )
        add(
            WebhookEndpoint(name: name, path: path, signature: signature, limits: limits) {
                request,
                _ throws(WebhookError) in
                guard let json = JSONValue.parse(request.body) else { throw .invalidRequest("the body is not JSON") }
                let event = try DatabaseEvent(wire: json)
                return WebhookEvent(
                    key: WebhookEventKey(event.eventKey, isUnique: false),
                    table: event.table,
                    operation: event.type.rawValue,
                    isWanted: table.map { $0 == event.table } ?? true
                ) { context in
                    try await handler(event, context)
                }
            }
        )
    }

    /// Adds a hook whose events are JSON of a type of your own.
    ///
    /// ```swift
    /// routes.webhook("billing", signature: try .standardWebhooks(secret)) { (invoice: InvoicePaid, context) in
    ///     …
    ///     return .done
    /// }
    /// ```
    ///
    /// A body that is not of this type is answered 400. An event is told by the id that its signature covers (`webhook-id`), with the broker's
    /// signature by `Upstash-Message-Id`, which is not covered, else by the hash of its body, which is known for `reservationTTL` only: the
    /// same may be meant twice.
    ///
    /// - Parameters:
    ///   - name: Letters, digits, `-`, `_` and `.`; scopes the keys of events.
    ///   - path: `/api/hooks/<name>` unless said otherwise.
    ///   - signature: How the sender proves itself.
    ///   - eventKey: What tells an event from all others and is the same when it is sent again; nil for the id or hash above.
    ///   - reservationTTL: How long an event is known that is being handled.
    ///   - doneTTL: How long an event is known that has been handled; at least `reservationTTL`.
    ///   - bodyBytesMax: The longest body; longer ones are answered 413.
    ///   - rateLimit: Nil for 100 requests a minute from one address, counted over all hooks together.
    ///   - handler: Handles an event; throws ``WebhookError`` for an answer other than 200, and anything else for 500.
    public mutating func webhook<Payload: Decodable & Sendable>(
        _ name: String,
        path: String? = nil,
        signature: some WebhookSignature,
        eventKey: (@Sendable (Payload) -> String)? = nil,
        reservationTTL: Duration = .seconds(300),
        doneTTL: Duration = .seconds(86_400),
        bodyBytesMax: Int = 65_536,
        rateLimit: RateLimit? = nil,
        handler: @escaping @Sendable (Payload, WebhookContext) async throws -> WebhookOutcome
    ) {
        let limits = WebhookLimits(
            bodyBytesMax: bodyBytesMax,
            reservationTTL: reservationTTL,
            doneTTL: doneTTL,
            rateLimit: rateLimit
        )
        add(
            WebhookEndpoint(name: name, path: path, signature: signature, limits: limits) {
                request,
                deliveryID throws(WebhookError) in
                let payload = try Self.payload(Payload.self, of: request.body)
                let key =
                    eventKey.map { WebhookEventKey($0(payload), isUnique: true) }
                    ?? WebhookEventKey(deliveryID: deliveryID, body: request.body)
                return WebhookEvent(key: key) { context in try await handler(payload, context) }
            }
        )
    }

    private static func payload<Payload: Decodable>(
        _ type: Payload.Type,
        of body: [UInt8]
    ) throws(WebhookError) -> Payload {
        guard let json = JSONValue.parse(body) else { throw .invalidRequest("the body is not JSON") }
        let (payload, issues) = ParameterDecoder.decode(type, from: json, unknownKeys: .ignored)
        guard let payload, issues.isEmpty else {
            throw .invalidRequest("the body has \(max(1, issues.count)) members missing or not of their form")
        }
        return payload
    }
}
