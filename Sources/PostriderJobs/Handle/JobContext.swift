public import HTTPTypes
public import Logging
import Synchronization
public import Tracing

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What a handler knows about its delivery, and what it can do beside its work; lives as long as the handler runs.
public final class JobContext: Sendable {
    /// The id of the message: the same on every attempt.
    ///
    /// Give it to others as an idempotency key.
    public let messageID: String

    /// Which attempt this is, from 1.
    public let attempt: Int

    /// How many retries the message has.
    public let maxRetries: Int

    /// Whether no attempt follows if this one fails.
    public let isFinalAttempt: Bool

    /// The header fields of the delivery; only body and URL are signed.
    public let headers: HTTPFields

    /// The body as it was signed.
    public let body: [UInt8]

    /// Names job, event, message and attempt in everything it logs.
    public let logger: Logger

    /// The span of the delivery.
    public let span: any Span

    /// The job's record as it was when the attempt began; nil when the message has none.
    public let record: JobRecord?

    /// Publishes further jobs; nil when the server's configuration has no publisher.
    public let publisher: JobPublisher?

    /// The origin by which the broker calls this server, without a final `/`.
    public let publicBaseURL: String

    /// Where the framework keeps its data; a driver recognises its own.
    public let storage: JobStorage

    /// The time that the server runs by.
    public let clock: any JobClock

    let lock: DeliveryLock
    let doneTTL: Duration
    let reservation: Reservation?
    let state: Mutex<State>

    /// What changes while the handler runs.
    struct State {
        var progress: ProgressThrottle
        var isCancelled = false
        /// When the record was looked at last.
        var seenAt: Date
        var completion: Completion = .none
        /// When the lock runs out, as far as is known.
        var lockEndsAt: Date
    }

    /// Whether the handler has committed the delivery itself.
    enum Completion {
        case none
        case running
        case completed(JobOutcome)
    }

    /// The time of day.
    public var now: Date { clock.now }

    init(
        facts: DeliveryFacts,
        headers: HTTPFields,
        body: [UInt8],
        logger: Logger,
        span: any Span,
        record: JobRecord?,
        lock: DeliveryLock,
        lockEndsAt: Date,
        doneTTL: Duration,
        reservation: Reservation?,
        environment: JobEnvironment
    ) {
        self.messageID = facts.messageID ?? ""
        self.attempt = facts.attempt
        self.maxRetries = facts.maxRetries
        self.isFinalAttempt = facts.isFinalAttempt
        self.headers = headers
        self.body = body
        self.logger = logger
        self.span = span
        self.record = record
        self.publisher = environment.configuration.publisher
        self.publicBaseURL = environment.configuration.publicBaseURL
        self.storage = environment.storage
        self.clock = environment.clock
        self.lock = lock
        self.doneTTL = doneTTL
        self.reservation = reservation
        let progress = ProgressThrottle(percent: record?.progress ?? 0, phase: record?.phase)
        self.state = Mutex(State(progress: progress, seenAt: environment.now, lockEndsAt: lockEndsAt))
    }

    /// When the lock runs out, as far as is known.
    var lockEndsAt: Date { state.withLock { $0.lockEndsAt } }

    func noteRenewal(until end: Date) { state.withLock { $0.lockEndsAt = end } }
}
