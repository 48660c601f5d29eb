import FoundationEssentials
import PostriderCore

/// The machine's wall clock.
struct SystemClock: BrokerClock {
    /// Waits are cut into pieces, so that a clock that was set forward is noticed.
    private static let pieceMilliseconds: Int64 = 5_000

    var now: Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }

    func sleep(until moment: Timestamp) async throws {
        while true {
            let left = moment.milliseconds - now.milliseconds
            guard left > 0 else { return try Task.checkCancellation() }
            try await Task.sleep(for: .milliseconds(min(left, Self.pieceMilliseconds)))
        }
    }
}
