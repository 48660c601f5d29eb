#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// So many requests in a window that slides.
///
/// The count is the requests of the present window, and of the one before it the share that the sliding window still covers.
public struct RateLimit: Sendable, Hashable {
    /// How many requests pass; above zero.
    public let requests: Int

    /// The length of a window, in whole milliseconds; above zero.
    public let window: Duration

    /// A limit.
    public init(requests: Int, per window: Duration) {
        precondition(requests > 0, "a rate limit of \(requests) requests lets nothing pass")
        precondition(window >= .milliseconds(1), "a window of \(window) is too short to count in")
        self.requests = requests
        self.window = window
    }
}

/// What a rate limit says about one request.
public struct RateLimitDecision: Sendable, Hashable {
    /// Whether the request passes.
    public let isAllowed: Bool

    /// How many more would pass now; 0 when none.
    public let remaining: Int

    /// When the present window ends.
    public let resetsAt: Date

    /// A decision.
    public init(isAllowed: Bool, remaining: Int, resetsAt: Date) {
        self.isAllowed = isAllowed
        self.remaining = remaining
        self.resetsAt = resetsAt
    }
}

/// The counters of a key: those of the window that is under way, and of the one before it.
public struct RateLimitCounts: Sendable, Hashable {
    /// Which window is under way: whole windows since 1970.
    public var window: Int64

    /// Requests that passed in it.
    public var current: Int

    /// Requests that passed in the window before it.
    public var previous: Int

    /// Counters.
    public init(window: Int64, current: Int, previous: Int) {
        self.window = window
        self.current = current
        self.previous = previous
    }
}

/// Counts requests by key.
public protocol RateLimitStore: Sendable {
    /// Decides about one request, and counts it if it passes; in one atomic step.
    ///
    /// Drivers read the counters, call ``RateLimit/decide(_:now:)`` and write what it leaves.
    ///
    /// - Parameter key: Whose requests, for example `webhook:rl:ip:<hash>`.
    func hit(_ key: String, limit: RateLimit, now: Date) async throws -> RateLimitDecision

    /// Forgets counters that can no longer matter.
    func removeExpiredCounters(now: Date, limit: Int) async throws -> Int
}
