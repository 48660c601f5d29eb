#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Decides which reports of progress are written: not more often than every half second, and never one that goes back.
struct ProgressThrottle: Sendable {
    /// What is to be written.
    struct Write: Sendable, Hashable {
        var percent: Int?
        var phase: String?
    }

    static let period: Duration = .milliseconds(500)

    /// As far as anybody knows, written or not.
    private(set) var percent: Int
    private var phase: String?
    private var writtenAt: Date?
    private var isPending = false

    /// - Parameters:
    ///   - percent: Where the record stands, from which progress never goes back.
    ///   - phase: The phase of the record.
    init(percent: Int, phase: String?) {
        self.percent = percent
        self.phase = phase
    }

    /// Takes a report, and tells what to write now; nil when it can wait.
    mutating func report(percent: Int?, phase: String?, now: Date) -> Write? {
        let isNewPhase = phase != nil && phase != self.phase
        if isNewPhase { self.phase = phase }
        if let percent {
            let bounded = min(max(percent, 0), 100)
            if bounded > self.percent {
                self.percent = bounded
                isPending = true
            }
        }
        guard isNewPhase || (isPending && isDue(now)) else { return nil }
        writtenAt = now
        isPending = false
        return Write(percent: self.percent, phase: isNewPhase ? self.phase : nil)
    }

    /// What was reported and not written yet; nil when there is nothing.
    mutating func flush() -> Write? {
        guard isPending else { return nil }
        isPending = false
        return Write(percent: percent, phase: nil)
    }

    private func isDue(_ now: Date) -> Bool {
        guard let writtenAt else { return true }
        // A clock that was set back must not silence reports.
        return now < writtenAt || now >= writtenAt.adding(Self.period)
    }
}
