import NIOCore
import Synchronization

/// When each message should have been sent, was answered, and arrived.
final class Ledger: Sendable {
    /// Bytes at the start of a body that hold the number of the message, as decimal digits.
    static let stampBytes = 12

    private struct Times {
        /// Nanoseconds of the monotonic clock; 0 until it has happened.
        var scheduled: [UInt64]
        var answered: [UInt64]
        var arrived: [UInt64]
        var accepted = 0
        var refused = 0
        var broken = 0
        var delivered = 0
        var duplicates = 0
        var uncounted = 0
    }

    private let times: Mutex<Times>

    init(expected count: Int) {
        let zeros = [UInt64](repeating: 0, count: count)
        times = Mutex(Times(scheduled: zeros, answered: zeros, arrived: zeros))
    }

    /// Leaves the messages before this number out of the report.
    func count(from number: Int) {
        times.withLock { $0.uncounted = number }
    }

    func scheduled(_ number: Int, at time: NIODeadline) {
        times.withLock { $0.scheduled[number] = time.uptimeNanoseconds }
    }

    func answered(_ number: Int, status: UInt, at time: NIODeadline) {
        times.withLock {
            if (200..<300).contains(status) {
                $0.accepted += 1
                $0.answered[number] = time.uptimeNanoseconds
            } else {
                $0.refused += 1
            }
        }
    }

    /// Notes a request that got no answer.
    func broken() {
        times.withLock { $0.broken += 1 }
    }

    func arrived(_ number: Int, at time: NIODeadline) {
        times.withLock {
            guard $0.arrived.indices.contains(number) else { return }
            if $0.arrived[number] == 0 {
                $0.arrived[number] = time.uptimeNanoseconds
                $0.delivered += 1
            } else {
                $0.duplicates += 1
            }
        }
    }

    /// Returns when everything accepted has arrived, or after so many seconds.
    func waitUntilComplete(on loop: any EventLoop, atMost seconds: Int) async {
        for _ in 0..<seconds * 20 {
            if times.withLock({ $0.delivered >= $0.accepted }) { return }
            try? await loop.scheduleTask(in: .milliseconds(50)) {}.futureResult.get()
        }
    }

    /// One `key value` a line; times in milliseconds, those of the warm-up left out.
    func report() -> String {
        times.withLock { times in
            var lines = [
                "sent \(times.scheduled.count)",
                "accepted \(times.accepted)",
                "refused \(times.refused)",
                "broken \(times.broken)",
                "delivered \(times.delivered)",
                "duplicates \(times.duplicates)",
            ]
            lines += Self.percentiles("publish", times.answered, since: times.scheduled, from: times.uncounted)
            lines += Self.percentiles("delivered", times.arrived, since: times.scheduled, from: times.uncounted)
            return lines.joined(separator: "\n")
        }
    }

    private static func percentiles(
        _ name: String,
        _ ends: [UInt64],
        since starts: [UInt64],
        from first: Int
    ) -> [String] {
        let sorted = zip(ends, starts).dropFirst(first).filter { $0.0 > 0 }.map { $0.0 - min($0.0, $0.1) }.sorted()
        guard let slowest = sorted.last else { return ["\(name)_count 0"] }
        let shares: [(String, Double)] = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)]
        let values = shares.map { label, share in
            (label, sorted[min(sorted.count - 1, Int((Double(sorted.count) * share).rounded(.up)) - 1)])
        }
        return ["\(name)_count \(sorted.count)"]
            + (values + [("max", slowest)]).map { "\(name)_\($0.0)_ms \(milliseconds($0.1))" }
    }

    /// Milliseconds with three digits after the point.
    private static func milliseconds(_ nanoseconds: UInt64) -> String {
        let microseconds = (nanoseconds + 500) / 1_000
        let fraction = "\(microseconds % 1_000)"
        return "\(microseconds / 1_000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}
