import CoreMetrics

/// A value that rises and falls, kept without a lock; 0 until it is set.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    let labels: String
    private let current = AtomicDouble()

    init(labels: String) {
        self.labels = labels
    }

    func set(_ value: Int64) {
        current.set(Double(value))
    }

    func set(_ value: Double) {
        current.set(value)
    }

    func increment(by amount: Double) {
        current.add(amount)
    }

    func decrement(by amount: Double) {
        current.add(-amount)
    }

    func record(_ value: Int64) {
        set(value)
    }

    func record(_ value: Double) {
        set(value)
    }

    func write(name: String, to text: inout String) {
        writeSample(name, current.value.prometheusText, to: &text)
    }
}
