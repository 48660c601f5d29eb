/// Where the framework keeps what must outlive a request.
///
/// Each part may live somewhere else, as long as all servers of one application share it. Ledger and records belong together: the end of a
/// delivery and that of its record are written by the ledger, in one step.
public struct JobStorage: Sendable {
    /// Deliveries and business events.
    public var ledger: any DeliveryLedger
    /// Job records.
    public var records: any JobRecordStore
    /// Counters of rate limits.
    public var rateLimits: any RateLimitStore
    /// States of circuit breakers.
    public var circuits: any CircuitBreakerStore
    /// Jobs that failed for good.
    public var deadLetters: any DeadLetterIndex

    /// Storage in parts.
    public init(
        ledger: any DeliveryLedger,
        records: any JobRecordStore,
        rateLimits: any RateLimitStore,
        circuits: any CircuitBreakerStore,
        deadLetters: any DeadLetterIndex
    ) {
        self.ledger = ledger
        self.records = records
        self.rateLimits = rateLimits
        self.circuits = circuits
        self.deadLetters = deadLetters
    }

    /// Storage by one driver that does all of it.
    public init(
        _ driver: some DeliveryLedger & JobRecordStore & RateLimitStore & CircuitBreakerStore & DeadLetterIndex
    ) {
        self.init(ledger: driver, records: driver, rateLimits: driver, circuits: driver, deadLetters: driver)
    }
}
