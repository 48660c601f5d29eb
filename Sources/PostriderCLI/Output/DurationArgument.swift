import ArgumentParser

/// A duration on the command line: `90s`, `1h30m`, `250ms`; a bare number means seconds.
package struct DurationArgument: ExpressibleByArgument, Sendable, Hashable {
    /// Longer than anything waits for.
    private static let secondsMax: Int64 = 366 * 86_400 * 10

    /// The duration itself, not negative.
    package let duration: Duration

    /// The form in which help shows a default.
    package var defaultValueDescription: String { TimeText.duration(duration) }

    /// A duration.
    package init(_ duration: Duration) {
        self.duration = duration
    }

    /// Reads numbers with the units `d`, `h`, `m`, `s` and `ms`; nil for anything else.
    package init?(argument: String) {
        var rest = argument[...]
        guard !rest.isEmpty else { return nil }
        if let seconds = Int64(argument) {
            guard (0...Self.secondsMax).contains(seconds), argument.utf8.first != UInt8(ascii: "+") else { return nil }
            duration = .seconds(seconds)
            return
        }
        var total = Duration.zero
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            guard let number = Int64(digits), number <= Self.secondsMax * 1_000 else { return nil }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { !("0"..."9").contains($0) }
            rest = rest.dropFirst(unit.count)
            switch unit {
            case "ms": total += .milliseconds(number)
            case "s": total += .seconds(number)
            case "m": total += .seconds(60) * Double(number)
            case "h": total += .seconds(3_600) * Double(number)
            case "d": total += .seconds(86_400) * Double(number)
            default: return nil
            }
            guard total <= .seconds(Self.secondsMax) else { return nil }
        }
        duration = total
    }
}
