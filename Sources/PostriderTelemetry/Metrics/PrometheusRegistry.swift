package import CoreMetrics
import Synchronization

/// Collects what the program counts and measures, and writes it as Prometheus text.
///
/// Values are recorded without the registry's lock, which is taken only to make a handle and to write the text. Handles for
/// the same name and labels share one series. What exceeds the bounds of ``TelemetryLimits``, or uses a name that another
/// type of metric already has, gets a handle that records nothing, and is counted in
/// `postrider_metrics_series_dropped_total`.
package final class PrometheusRegistry: MetricsFactory {
    private struct State {
        var families: [String: MetricFamily] = [:]
        /// Sample names in use, with the family they belong to.
        var owners: [String: String] = [:]
        /// How often a handle was refused, by metric name.
        var dropped: [String: UInt64] = [:]
    }

    /// The content type of ``text()``, for the answer to a scrape.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private static let droppedName = "postrider_metrics_series_dropped_total"
    /// Where refusals are counted once the names themselves have run out.
    private static let otherName = "other"

    private let descriptions: [String: MetricDescription]
    private let state = Mutex(State())

    /// - Parameter descriptions: help texts and buckets by the label the program uses, such as `postrider.deliveries`. A
    ///   metric without one has its label as help text.
    package init(descriptions: [String: MetricDescription] = [:]) {
        self.descriptions = descriptions
    }

    /// Everything recorded so far in Prometheus text format 0.0.4, sorted by name and labels; empty before the first metric.
    package func text() -> String {
        let (families, dropped) = state.withLock { ($0.families, $0.dropped) }
        var text = ""
        for family in (Array(families.values) + droppedFamily(dropped)).sorted(by: { $0.name < $1.name }) {
            family.write(to: &text)
        }
        return text
    }

    // MARK: - Making handles

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        counter(label, dimensions)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        aggregate
            ? histogram(MetricName.sanitised(label), label, dimensions) as any RecorderHandler
            : gauge(label, dimensions)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(MetricName.timer(label), label, dimensions)
    }

    // MARK: - Giving handles back

    package func destroyCounter(_ handler: any CounterHandler) {
        release(handler)
    }

    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {
        release(handler)
    }

    package func destroyMeter(_ handler: any MeterHandler) {
        release(handler)
    }

    package func destroyRecorder(_ handler: any RecorderHandler) {
        release(handler)
    }

    package func destroyTimer(_ handler: any TimerHandler) {
        release(handler)
    }

    // MARK: - Series

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> CounterSeries {
        series(MetricName.counter(label), .counter, label, dimensions) { labels, _ in CounterSeries(labels: labels) }
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeSeries {
        series(MetricName.sanitised(label), .gauge, label, dimensions) { labels, _ in GaugeSeries(labels: labels) }
    }

    private func histogram(_ name: String, _ label: String, _ dimensions: [(String, String)]) -> HistogramSeries {
        series(name, .histogram, label, dimensions) { HistogramSeries(labels: $0, bounds: $1) }
    }

    /// The series of a name and labels, made on first use; one that belongs to no family when it must be dropped.
    private func series<Series: MetricSeries>(
        _ name: String,
        _ kind: MetricFamily.Kind,
        _ label: String,
        _ dimensions: [(String, String)],
        make: (_ labels: String, _ bounds: [Double]) -> Series
    ) -> Series {
        let labels = MetricName.labels(dimensions)
        // The family is always changed where it is: a copy held here would copy all its series at the first change.
        return state.withLock { state in
            if state.families[name] == nil, let family = newFamily(name, kind, label, in: state) {
                for sample in MetricFamily.sampleNames(of: name, kind) { state.owners[sample] = name }
                state.families[name] = family
            }
            guard let bounds = state.families[name]?.bounds, state.families[name]?.kind == kind else {
                let counted = state.dropped.count < TelemetryLimits.metricsMax || state.dropped[name] != nil
                state.dropped[counted ? name : Self.otherName, default: 0] += 1
                return make(labels, [])
            }
            if let series = state.families[name]?.entries[labels]?.series as? Series {
                state.families[name]?.entries[labels]?.holders += 1
                return series
            }
            guard state.families[name]?.entries.count ?? 0 < TelemetryLimits.seriesPerMetricMax else {
                state.dropped[name, default: 0] += 1
                return make(labels, [])
            }
            let series = make(labels, bounds)
            state.families[name]?.entries[labels] = MetricFamily.Entry(series: series, holders: 1)
            return series
        }
    }

    /// A family that does not exist yet, or nil when its names are taken or there are too many.
    private func newFamily(_ name: String, _ kind: MetricFamily.Kind, _ label: String, in state: State) -> MetricFamily?
    {
        guard state.families.count < TelemetryLimits.metricsMax, name != Self.droppedName else { return nil }
        guard MetricFamily.sampleNames(of: name, kind).allSatisfy({ state.owners[$0] == nil }) else { return nil }
        let description = descriptions[label]
        let bounds = kind == .histogram ? description?.buckets ?? MetricDescription.secondsBuckets : []
        return MetricFamily(name: name, kind: kind, help: description?.help ?? label, bounds: bounds)
    }

    /// Takes one holder away; the series disappears from the text with its last one.
    private func release(_ handler: AnyObject) {
        guard let series = handler as? any MetricSeries else { return }
        state.withLock { state in
            guard let name = state.families.first(where: { $1.entries[series.labels]?.series === series })?.key,
                let kind = state.families[name]?.kind
            else { return }
            state.families[name]?.entries[series.labels]?.holders -= 1
            guard state.families[name]?.entries[series.labels]?.holders == 0 else { return }
            state.families[name]?.entries[series.labels] = nil
            guard state.families[name]?.entries.isEmpty == true else { return }
            state.families[name] = nil
            for sample in MetricFamily.sampleNames(of: name, kind) { state.owners[sample] = nil }
        }
    }

    private func droppedFamily(_ dropped: [String: UInt64]) -> [MetricFamily] {
        guard !dropped.isEmpty else { return [] }
        var family = MetricFamily(
            name: Self.droppedName,
            kind: .counter,
            help: "Handles refused because a metric had too many series or its name was taken.",
            bounds: []
        )
        for (name, count) in dropped {
            let series = CounterSeries(labels: MetricName.labels([("metric", name)]))
            series.increment(by: Int64(clamping: count))
            family.entries[series.labels] = MetricFamily.Entry(series: series, holders: 1)
        }
        return [family]
    }
}
