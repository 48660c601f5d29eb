package import PostriderAddressGuard

/// The bounds and choices of the interface (docs/OPERATIONS.md: what can be set, and what is fixed).
package struct APISettings: Sendable {
    /// The largest body of one message.
    package var bodyBytesMax = 10 * 1_048_576
    /// The largest body of a batch.
    package var batchBytesMax = 16 * 1_048_576
    package var batchItemsMax = 1_000
    /// The largest JSON body of any other call.
    package var parametersBytesMax = 1_048_576
    /// Header bytes of one request, the target included.
    package var headerBytesMax = 65_536
    /// Bodies above this are left out of log entries; `GET /v2/messages` has them whole.
    package var eventBodyBytesMax = 65_536
    package var eventsDefault = 100
    package var eventsMax = 1_000
    package var deadLettersMax = 100
    /// Ids one cancel, delete or retry may name.
    package var idsMax = 500
    /// Peers whose `X-Forwarded-For` counts.
    package var trustedProxies: [AddressRange] = []
    /// The token `/metrics` asks for; nil when it asks for none.
    package var metricsToken: String?
    /// Whether `/metrics` answers without a token when none is set: only on loopback (decision 16).
    package var isMetricsOpen = true
    /// A connection without a request is closed after this.
    package var idleSeconds: Int64 = 30
    /// A request's body must have come after this.
    package var bodySeconds: Int64 = 60
    /// A client that takes nothing of its answer for this long is cut off.
    package var stallSeconds: Int64 = 30
    /// A connection that still has a request when the server stops is closed after this.
    package var drainSeconds: Int64 = 15

    package init() {}
}
