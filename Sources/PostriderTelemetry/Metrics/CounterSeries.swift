import CoreMetrics
import Synchronization

/// A sum that only grows, counted without a lock.
final class CounterSeries: MetricSeries, CounterHandler, FloatingPointCounterHandler {
    let labels: String
    // Whole steps stay exact beyond 2^53, where a Double would stop counting single ones.
    private let whole = Atomic<UInt64>(0)
    private let fractional = AtomicDouble()

    init(labels: String) {
        self.labels = labels
    }

    /// Adds a whole amount; what is below one is ignored, because a counter cannot fall.
    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        // Wrapping to zero reads as a restart of the process, which every reader of counters copes with.
        whole.wrappingAdd(UInt64(amount), ordering: .relaxed)
    }

    /// Adds a fraction; what is negative or no finite number is ignored.
    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        fractional.add(amount)
    }

    func reset() {
        whole.store(0, ordering: .relaxed)
        fractional.set(0)
    }

    func write(name: String, to text: inout String) {
        let whole = whole.load(ordering: .relaxed)
        let fractional = fractional.value
        let value = fractional == 0 ? "\(whole)" : (Double(whole) + fractional).prometheusText
        writeSample(name, value, to: &text)
    }
}
