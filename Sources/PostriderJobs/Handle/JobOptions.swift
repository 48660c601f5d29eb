/// How the jobs of one kind are handled; every part has a default.
public struct JobOptions<Parameters: JobParameters>: Sendable {
    /// The path; nil for that of the parameters' type.
    public var path: String?

    /// The longest body in bytes; nil for the server's default of 65 536.
    public var bodyBytesMax: Int?

    /// How long a delivery's lock lives without being renewed; from one second to five minutes.
    ///
    /// It is renewed every third of that.
    public var lockTTL: Duration

    /// How long a handled message is remembered.
    public var doneTTL: Duration

    /// Names the business event, so that it happens once whatever messages carry it; nil when there is none, or for this event.
    ///
    /// Such as `notify:<event>`; what stands before the first colon is its namespace. A key of more than 512 bytes counts, and is told, by
    /// its hash.
    public var businessKey: (@Sendable (Parameters) -> String?)?

    /// How long a claim on the business event lives without being renewed.
    public var reservationTTL: Duration

    /// How the message is retried, when it does not say so itself; nil for that of the parameters' type.
    public var retryProfile: RetryProfile?

    /// The member of the answer that says `true` after success beside `ok`; nil for none.
    ///
    /// Some callers look for `success`.
    public var successKey: String?

    /// How long the handler may take before it is cancelled, and the delivery counts as failed; nil for as long as the broker waits.
    public var timeout: Duration?

    /// What the job is about, as the attribute `table` of its span; nil for the name of the job.
    public var table: String?

    /// What it does with it, as the attribute `op` of its span; nil for `run`.
    public var operation: String?

    /// Options.
    public init(
        path: String? = nil,
        bodyBytesMax: Int? = nil,
        lockTTL: Duration = .seconds(30),
        doneTTL: Duration = .seconds(86_400),
        businessKey: (@Sendable (Parameters) -> String?)? = nil,
        reservationTTL: Duration = .seconds(300),
        retryProfile: RetryProfile? = nil,
        successKey: String? = nil,
        timeout: Duration? = nil,
        table: String? = nil,
        operation: String? = nil
    ) {
        self.path = path
        self.bodyBytesMax = bodyBytesMax
        self.lockTTL = lockTTL
        self.doneTTL = doneTTL
        self.businessKey = businessKey
        self.reservationTTL = reservationTTL
        self.retryProfile = retryProfile
        self.successKey = successKey
        self.timeout = timeout
        self.table = table
        self.operation = operation
    }
}
