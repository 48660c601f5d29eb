import CoreMetrics
import Synchronization

/// Values sorted into fixed buckets, with their number and sum; one short lock for each value.
final class HistogramSeries: MetricSeries, TimerHandler, RecorderHandler {
    private struct Counts {
        /// One count for each bound, not cumulative, and a last one for what exceeds them all.
        var buckets: [UInt64]
        var sum: Double = 0
    }

    let labels: String
    private let bounds: [Double]
    private let counts: Mutex<Counts>

    /// - Parameter bounds: upper bounds, inclusive, ascending and finite.
    init(labels: String, bounds: [Double]) {
        self.labels = labels
        self.bounds = bounds
        counts = Mutex(Counts(buckets: Array(repeating: 0, count: bounds.count + 1)))
    }

    /// Takes one duration; a negative one, from a clock that went back, counts as 0.
    func recordNanoseconds(_ duration: Int64) {
        record(Double(max(0, duration)) / 1_000_000_000)
    }

    func record(_ value: Int64) {
        record(Double(value))
    }

    /// Takes one value; what is no finite number is ignored, because it would spoil the sum for ever.
    func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        counts.withLock {
            $0.buckets[bucket] += 1
            $0.sum += value
        }
    }

    func write(name: String, to text: inout String) {
        let counts = counts.withLock { $0 }
        var cumulative: UInt64 = 0
        for (bound, count) in zip(bounds, counts.buckets) {
            cumulative += count
            writeSample("\(name)_bucket", extraLabel: "le=\"\(bound.prometheusText)\"", "\(cumulative)", to: &text)
        }
        cumulative += counts.buckets[bounds.count]
        writeSample("\(name)_bucket", extraLabel: "le=\"+Inf\"", "\(cumulative)", to: &text)
        writeSample("\(name)_sum", counts.sum.prometheusText, to: &text)
        writeSample("\(name)_count", "\(cumulative)", to: &text)
    }
}
