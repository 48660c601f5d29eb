/// Limits on the deliveries that share a key; what exceeds them waits (wire reference, section 18).
///
/// At least one of ``parallelism`` and ``rate`` is given. The latest message's limits hold for the whole key.
public struct FlowControl: Sendable, Hashable {
    /// What is counted together, such as a customer.
    public var key: FlowControlKey

    /// How many deliveries may be under way, at least 1; nil for no such limit.
    public var parallelism: Int?

    /// How many deliveries may start in a period, at least 1; nil for no such limit.
    public var rate: Int?

    /// The period of ``rate`` in whole seconds, up to a week; nil for the server's default of 1 s.
    public var period: Duration?

    /// Limits of a key.
    public init(key: FlowControlKey, parallelism: Int? = nil, rate: Int? = nil, period: Duration? = nil) {
        self.key = key
        self.parallelism = parallelism
        self.rate = rate
        self.period = period
    }
}
