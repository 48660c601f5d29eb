import ArgumentParser
package import FoundationEssentials

/// A moment on the command line: `2026-05-01T12:30:00Z`, with another offset or a fraction, or whole Unix seconds.
package struct MomentArgument: ExpressibleByArgument, Sendable, Hashable {
    /// The end of the year 9999: more are milliseconds that were given by mistake.
    private static let secondsMax: Int64 = 253_402_300_799

    /// The moment itself, not before 1970.
    package let date: Date

    /// Reads either form; nil for anything else.
    package init?(argument: String) {
        if argument.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            guard let seconds = Int64(argument), seconds <= Self.secondsMax else { return nil }
            date = Date(timeIntervalSince1970: TimeInterval(seconds))
            return
        }
        let text = argument.uppercased()
        let styles = [Date.ISO8601FormatStyle(), Date.ISO8601FormatStyle(includingFractionalSeconds: true)]
        guard let date = styles.lazy.compactMap({ try? $0.parse(text) }).first, date.timeIntervalSince1970 >= 0 else {
            return nil
        }
        self.date = date
    }
}
