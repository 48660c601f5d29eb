#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Date {
    /// The moment so much later.
    func adding(_ duration: Duration) -> Date { addingTimeInterval(duration.inSeconds) }

    /// The time until a later moment, in whole milliseconds, rounded up; zero or less when it has passed.
    func duration(until moment: Date) -> Duration {
        .milliseconds(Int64((moment.timeIntervalSince(self) * 1_000).rounded(.up)))
    }
}

extension Duration {
    /// The duration as seconds and fractions of them.
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
