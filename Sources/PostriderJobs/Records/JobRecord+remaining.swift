#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension JobRecord {
    /// How much the latest gain weighs in rate.
    static let rateWeight = 0.3
    /// Percent below which a rate says too little.
    private static let progressMin = 3
    /// The longest that is told: a day.
    private static let remainingSecondsMax = 86_400.0

    /// Whole seconds until the job is probably done, as of updatedAt; 0...86400, nil unless it is processing and has got somewhere.
    ///
    /// By the rate at which progress was gained of late; while that is not known, by the average since it began. The time in the queue does
    /// not count.
    public var remainingSeconds: Int? {
        guard status == .processing, progress > 0 else { return nil }
        let left = Double(100 - progress)
        let seconds: Double
        if progress >= Self.progressMin, let rate, rate > 0 {
            seconds = left / rate
        } else {
            seconds = updatedAt.timeIntervalSince(startedAt ?? createdAt) / Double(progress) * left
        }
        return Int(min(max(seconds, 0), Self.remainingSecondsMax).rounded())
    }
}
