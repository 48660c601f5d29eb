/// The bounds that parsing applies; every bound has its unit in its name.
///
/// The defaults follow the pay-as-you-go plan of the cloud where the contract states one (docs/WIRE.md, "Limits"). A
/// server passes its own configuration; a client that only parses answers can keep the defaults.
package struct WireLimits: Hashable, Sendable {
    /// The highest `Upstash-Retries`; more is refused with 412.
    package var retriesMax = 100
    /// The longest delay before a first delivery, one year by default; longer is refused with 412.
    package var delaySecondsMax: Int64 = 31_536_000
    /// The longest time a destination may take; a longer `Upstash-Timeout` is shortened to this, not refused.
    package var timeoutSecondsMax: Int64 = 7_200
    /// Bytes of all forwarded headers of one message and its callbacks: names, values and four bytes a line.
    package var headerBytesMax = 65_536
    /// How many headers one request or batch item may have, ours or not.
    package var headersMax = 256
    /// How many labels a message may have.
    package var labelsMax = 64
    /// Bytes of one label in UTF-8.
    package var labelBytesMax = 256
    /// Bytes of a deduplication id in UTF-8.
    package var deduplicationIDBytesMax = 512
    /// Bytes of a destination or callback URL as published.
    package var urlBytesMax = 8_192
    /// Bytes of a retry-delay expression.
    package var expressionBytesMax = 256
    /// Bytes of a flow-control key in UTF-8.
    package var flowControlKeyBytesMax = 512
    /// The longest period of a flow-control rate, one week by default.
    package var flowControlPeriodSecondsMax: Int64 = 604_800
    /// Bytes of a queue name, group name or schedule id.
    package var nameBytesMax = 256
    /// Bytes of a cron text.
    package var cronBytesMax = 256
    /// How many single headers `Upstash-Redact-Fields` may name.
    package var redactedHeadersMax = 64
    /// How many `upstash-` parameters a query may carry.
    package var queryOptionsMax = 128

    /// The default limits.
    package init() {}
}
