#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension RateLimit {
    /// Decides about one request, and tells what the counters are after it.
    ///
    /// The rule of `@upstash/ratelimit`: windows lie at whole multiples of their length since 1970; the requests of the window before
    /// count by the share of it that the sliding window still covers, rounded down. A request that is refused is not counted, so that
    /// a client that hammers gets in again as soon as one that waits.
    ///
    /// - Parameters:
    ///   - counts: The counters as they were; nil when there are none.
    ///   - now: The time of the request. A clock that is behind the one that wrote the counters does not give the key new room: the
    ///     request belongs to the beginning of the latest window then.
    /// - Returns: The decision, and the counters to be written, which also change when the request is refused in a new window.
    public func decide(
        _ counts: RateLimitCounts?,
        now: Date
    ) -> (decision: RateLimitDecision, counts: RateLimitCounts) {
        let length = windowMilliseconds
        let milliseconds = Self.milliseconds(of: now)
        var after = Self.counts(counts, in: milliseconds / length)
        let elapsed = max(0, milliseconds - after.window * length)
        let used = after.current + Self.share(of: after.previous, left: length - elapsed, of: length)
        let isAllowed = used < requests
        if isAllowed { after.current += 1 }
        let decision = RateLimitDecision(
            isAllowed: isAllowed,
            remaining: isAllowed ? requests - used - 1 : 0,
            resetsAt: Date(timeIntervalSince1970: Double((after.window + 1) * length) / 1_000)
        )
        return (decision, after)
    }

    /// The window in whole milliseconds, at least one.
    private var windowMilliseconds: Int64 {
        let (seconds, attoseconds) = window.components
        return max(1, seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
    }

    /// Milliseconds since 1970; a time that is no number or before it is 1970.
    private static func milliseconds(of date: Date) -> Int64 {
        let milliseconds = (date.timeIntervalSince1970 * 1_000).rounded(.down)
        // Times end some hundred thousand years from now, where counting windows still cannot overflow.
        return Int64(min(max(0, milliseconds.isNaN ? 0 : milliseconds), 9e15))
    }

    /// The counters as they stand in a window, with nothing of the request under way.
    private static func counts(_ counts: RateLimitCounts?, in window: Int64) -> RateLimitCounts {
        guard let counts, counts.window >= window - 1 else {
            return RateLimitCounts(window: window, current: 0, previous: 0)
        }
        if counts.window == window - 1 {
            return RateLimitCounts(window: window, current: 0, previous: counts.current)
        }
        return counts
    }

    /// `count * left / length` rounded down, with `left` at most `length`.
    private static func share(of count: Int, left: Int64, of length: Int64) -> Int {
        let product = Int64(max(0, count)).multipliedFullWidth(by: max(0, left))
        return Int(length.dividingFullWidth(product).quotient)
    }
}
