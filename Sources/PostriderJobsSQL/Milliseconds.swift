#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Times and durations as the ledger's tables have them: whole milliseconds, times since 1970.
enum Milliseconds {
    static func since1970(_ date: Date) -> Int64 {
        // Far times end where counting cannot overflow.
        Int64(min(max(date.timeIntervalSince1970 * 1_000, -9e15), 9e15).rounded())
    }

    static func of(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return min(max(seconds, -9_000_000_000_000), 9_000_000_000_000) * 1_000 + attoseconds / 1_000_000_000_000_000
    }

    static func date(_ milliseconds: Int64) -> Date { Date(timeIntervalSince1970: Double(milliseconds) / 1_000) }

    /// When something ends that lives so long from now on.
    static func end(of duration: Duration, from now: Date) -> Int64 { since1970(now) + of(duration) }
}
