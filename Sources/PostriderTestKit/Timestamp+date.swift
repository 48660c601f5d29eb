import PostriderCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Timestamp {
    /// The last moment that message ids have room for, in September 2089.
    static let last = MessageKey(rawValue: .max).moment

    /// The millisecond next to a date; nil for one before 1970 or after ``last``.
    init?(_ date: Date) {
        let milliseconds = (date.timeIntervalSince1970 * 1_000).rounded()
        guard milliseconds >= 0, milliseconds <= Double(Timestamp.last.milliseconds) else { return nil }
        self.init(milliseconds: Int64(milliseconds))
    }

    /// The moment as a date.
    var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1_000) }

    /// The moment a duration later; a fraction of a millisecond counts as a whole one, and the end of the range is not passed.
    func adding(_ duration: Duration) -> Timestamp { adding(milliseconds: duration.wholeMilliseconds) }

    /// The time since an earlier moment.
    func duration(since earlier: Timestamp) -> Duration { .milliseconds(milliseconds - earlier.milliseconds) }
}

extension Duration {
    /// Milliseconds, rounded up; the nearest number there is when there are too many.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, isOverflow) = seconds.multipliedReportingOverflow(by: 1_000)
        guard !isOverflow else { return seconds < 0 ? .min : .max }
        let attosecondsOfMillisecond: Int64 = 1_000_000_000_000_000
        let (quotient, remainder) = attoseconds.quotientAndRemainder(dividingBy: attosecondsOfMillisecond)
        let (sum, isOverflowing) = whole.addingReportingOverflow(quotient + (remainder > 0 ? 1 : 0))
        return isOverflowing ? (whole < 0 ? .min : .max) : sum
    }
}
