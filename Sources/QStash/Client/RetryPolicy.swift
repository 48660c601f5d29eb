/// When a call is made again after it failed.
///
/// A call is repeated only where that cannot do anything twice:
/// - the request never left this machine, whatever the call;
/// - reads, deletes and settings, after a lost answer, a 429 or a 5xx;
/// - publishes with a deduplication, after the same, because the server drops the second;
/// - publishes without one after a 429, by which a server says that it did not take the message.
///
/// Of calls that act on whatever matches at the moment, such as ``Messages/cancelAll()``, a repetition also meets what came in between, and the count
/// is that of the last.
///
/// A used up daily quota is never waited for.
public struct RetryPolicy: Sendable, Hashable {
    /// How often a call is repeated at most; 0 for never.
    public var retriesMax: Int

    /// The wait before the first repetition; each further one is e times as long.
    public var firstDelay: Duration

    /// The longest wait; a server that asks for more (`Retry-After`) is not waited for.
    public var delayMax: Duration

    /// A policy with its bounds.
    public init(retriesMax: Int = 5, firstDelay: Duration = .milliseconds(50), delayMax: Duration = .seconds(10)) {
        self.retriesMax = retriesMax
        self.firstDelay = firstDelay
        self.delayMax = delayMax
    }

    /// Five repetitions after 50, 136, 370, 1004 and 2730 ms, as the JavaScript client waits.
    public static let standard = RetryPolicy()

    /// Each call is made once.
    public static let never = RetryPolicy(retriesMax: 0)

    /// The wait before a repetition; nil when there is to be none.
    ///
    /// - Parameters:
    ///   - retried: How often the call has been repeated so far.
    ///   - asked: The wait that the server asked for.
    func delay(retried: Int, asked: Duration?) -> Duration? {
        guard retried < retriesMax else { return nil }
        var own = firstDelay
        // Ends at the bound: with many repetitions the power leaves what a duration can hold.
        for _ in 0..<retried where own < delayMax { own = own * 2.718281828459045 }
        guard let asked else { return min(own, delayMax) }
        // Who asks for less than the own wait, or for none, would otherwise be called as fast as it answers.
        return asked <= delayMax ? max(asked, min(own, delayMax)) : nil
    }
}
