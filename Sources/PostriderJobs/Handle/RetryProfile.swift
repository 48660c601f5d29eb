public import QStash

/// How often a failed delivery of a job is repeated, after what waits, and when the first comes (application reference, section 2.5).
public struct RetryProfile: Sendable, Hashable {
    /// How many retries follow the first attempt; 0 for none.
    public var retries: Int

    /// The wait before the first delivery; nil for none.
    public var initialDelay: Duration?

    /// The wait before each retry; nil for the broker's default.
    public var retryDelay: RetryDelay?

    /// A profile.
    public init(retries: Int = 3, initialDelay: Duration? = nil, retryDelay: RetryDelay? = nil) {
        self.retries = retries
        self.initialDelay = initialDelay
        self.retryDelay = retryDelay
    }

    /// Three retries after 10, 20 and 40 s.
    public static let standard = RetryProfile(retryDelay: "10000 * pow(2, retried)")

    /// Three retries, 10 s doubling up to 5 min.
    public static let notify = RetryProfile(retryDelay: "min(300000, 10000 * pow(2, retried))")

    /// Three retries, 30 s doubling up to 10 min.
    public static let memory = RetryProfile(retryDelay: "min(600000, 30000 * pow(2, retried))")

    /// Three retries after 15, 60 and 300 s.
    public static let documents = RetryProfile(
        retryDelay: "15000 * pow(4, min(retried, 1)) * pow(5, max(0, retried - 1))"
    )

    /// Three retries after the broker's own waits; the first delivery comes after 5 s.
    public static let marketing = RetryProfile(initialDelay: .seconds(5))
}
