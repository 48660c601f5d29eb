/// What went wrong in the framework itself; a handler's own failure is a ``JobOutcome``.
public struct JobsError: Error, Sendable, Hashable {
    /// What kind of failure, for programs.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The stable text, in lower case with underscores.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// An option contradicts another, is out of range, or is missing.
        public static let configurationInvalid = Code("configuration_invalid")
        /// A store did not answer, or could not do what it was asked; nothing may be assumed about the data.
        public static let storeUnavailable = Code("store_unavailable")
        /// The delivery's lock is another's, or ran out: what was to be committed is not.
        public static let lockLost = Code("lock_lost")
        /// The delivery has been completed before; a handler may do so once.
        public static let alreadyCompleted = Code("already_completed")
        /// The storage of this server offers no transaction.
        public static let transactionUnavailable = Code("transaction_unavailable")
        /// A record with this request id exists.
        public static let recordExists = Code("record_exists")
        /// The job has been cancelled.
        public static let cancelled = Code("cancelled")
        /// The message could not be published: the broker refused it, or was not reached.
        public static let publishFailed = Code("publish_failed")
        /// Nobody knows whether the message was published: the broker's answer is missing, or says nothing about it.
        public static let publishUncertain = Code("publish_uncertain")
        /// A circuit breaker is open: what it protects was not called.
        public static let circuitOpen = Code("circuit_open")
        /// What was to be published breaks a rule of the publisher.
        public static let publishRefused = Code("publish_refused")
    }

    /// What kind of failure.
    public let code: Code

    /// What happened, for the log of the one who runs it; no payload, no secret.
    public let detail: String

    /// A failure.
    public init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }
}

extension JobsError: CustomStringConvertible {
    /// Code and detail.
    public var description: String { "\(code): \(detail)" }
}
