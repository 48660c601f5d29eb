package import FoundationEssentials

/// Times for people: in UTC, so that they can be compared with logs of other machines.
package enum TimeText {
    /// The years that four digits can name, from 1970 on.
    private static let span = Date(timeIntervalSince1970: 0)...Date(timeIntervalSince1970: 253_402_300_799)

    /// Such as `2026-05-01 12:30:07Z`; a time outside 1970 to 9999 is the nearest in it.
    package static func dateAndTime(_ date: Date) -> String {
        min(max(date, span.lowerBound), span.upperBound).formatted(Date.ISO8601FormatStyle(dateTimeSeparator: .space))
    }

    /// Such as `05-01 12:30:07`, where columns are dear.
    package static func monthAndTime(_ date: Date) -> String {
        String(dateAndTime(date).dropFirst(5).prefix(14))
    }

    /// Such as `12:30:07`.
    package static func time(_ date: Date) -> String {
        String(dateAndTime(date).dropFirst(11).prefix(8))
    }

    /// Such as `40 µs`, `0.4 ms`, `12 ms`, `1.5 s` or `3 min`.
    package static func duration(_ duration: Duration) -> String {
        let milliseconds = duration.milliseconds
        let magnitude = abs(milliseconds)
        if magnitude > 0, magnitude < 0.1 { return "\(Int64((milliseconds * 1_000).rounded())) µs" }
        if magnitude < 10 { return "\(rounded(milliseconds)) ms" }
        if magnitude < 1_000 { return "\(Int64(milliseconds.rounded())) ms" }
        if magnitude < 120_000 { return "\(rounded(milliseconds / 1_000)) s" }
        return "\(Int64((milliseconds / 60_000).rounded())) min"
    }

    /// One decimal, none when it is zero.
    private static func rounded(_ number: Double) -> String {
        let tenths = Int64((number * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        let magnitude = tenths.magnitude
        return magnitude % 10 == 0 ? "\(sign)\(magnitude / 10)" : "\(sign)\(magnitude / 10).\(magnitude % 10)"
    }
}
