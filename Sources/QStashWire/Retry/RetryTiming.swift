/// The wait that a failed response asks for in its headers.
///
/// The contract's order is `Retry-After`, `X-RateLimit-Reset`, `X-RateLimit-Reset-Requests`, `X-RateLimit-Reset-Tokens`
/// (docs/WIRE.md, "Retries"). Our reading of it: the first of them with a value that can be parsed decides, and one that
/// cannot be parsed is passed over. If the deciding value is above 24 hours, none of the headers counts and the backoff
/// of the message applies: a destination that names an absurd time is not asked a second time in another header.
package enum RetryTiming {
    private static let delayMillisecondsMax: Int64 = 86_400_000
    private static let valueBytesMax = 64
    private static let names: [StaticString] = [
        "retry-after", "x-ratelimit-reset", "x-ratelimit-reset-requests", "x-ratelimit-reset-tokens",
    ]

    /// Milliseconds to wait, 0 for at once, or nil when the headers do not decide.
    ///
    /// A value is whole or decimal seconds, a date of RFC 1123 (a past one means at once), or a duration such as `6m5s`
    /// with the units `ns us µs ms s m h`. Parts of a millisecond are rounded up, so that a retry never comes early.
    ///
    /// - Parameters:
    ///   - headers: the headers of the response.
    ///   - nowMilliseconds: Unix milliseconds, to which dates are compared.
    package static func delayMilliseconds(from headers: [HeaderField], nowMilliseconds: Int64) -> Int64? {
        for name in names {
            for header in headers {
                let headerName = header.name.utf8.span
                guard headerName.spells(name) else { continue }
                guard let delay = milliseconds(of: header.value, nowMilliseconds: nowMilliseconds) else { continue }
                return delay <= delayMillisecondsMax ? delay : nil
            }
        }
        return nil
    }

    private static func milliseconds(of value: String, nowMilliseconds: Int64) -> Int64? {
        let untrimmed = value.utf8.span
        let bytes = untrimmed.extracting(untrimmed.trimmedRange(0..<untrimmed.count))
        guard bytes.count > 0, bytes.count <= valueBytesMax else { return nil }
        if bytes[0].isASCIILetter {
            guard let seconds = HTTPDate.seconds(in: bytes) else { return nil }
            // Dates end in the year 9999, far from overflow, but the clock comes from outside.
            let (difference, overflow) = (seconds * 1_000).subtractingReportingOverflow(nowMilliseconds)
            return overflow ? nil : max(0, difference)
        }
        guard let nanoseconds = ResetDuration.nanoseconds(in: bytes) else { return nil }
        let milliseconds = nanoseconds / 1_000_000
        return nanoseconds % 1_000_000 == 0 ? milliseconds : milliseconds + 1
    }
}
