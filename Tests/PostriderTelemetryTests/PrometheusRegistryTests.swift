import CoreMetrics
import PostriderTelemetry
import Testing

@Suite struct PrometheusRegistryTests {
    @Test func countersGaugesAndHistogramsReadAsPrometheusText() {
        let registry = PrometheusRegistry(
            descriptions: [
                "postrider.deliveries": MetricDescription(help: "Deliveries, by outcome."),
                "postrider.delivery-time": MetricDescription(help: "Time.\nBack\\slash", buckets: [0.1, 1]),
            ]
        )
        Counter(label: "postrider.deliveries", dimensions: [("outcome", "ok")], factory: registry).increment(by: 3)
        Counter(label: "postrider.deliveries", dimensions: [("outcome", "failed")], factory: registry).increment()
        Gauge(label: "postrider.open", factory: registry).record(2.5)
        let timer = Timer(label: "postrider.delivery-time", factory: registry)
        for nanoseconds in [50_000_000, 100_000_000, 500_000_000, 2_000_000_000] {
            timer.recordNanoseconds(nanoseconds)
        }
        #expect(
            registry.text() == """
                # HELP postrider_deliveries_total Deliveries, by outcome.
                # TYPE postrider_deliveries_total counter
                postrider_deliveries_total{outcome="failed"} 1
                postrider_deliveries_total{outcome="ok"} 3
                # HELP postrider_delivery_time_seconds Time.\\nBack\\\\slash
                # TYPE postrider_delivery_time_seconds histogram
                postrider_delivery_time_seconds_bucket{le="0.1"} 2
                postrider_delivery_time_seconds_bucket{le="1"} 3
                postrider_delivery_time_seconds_bucket{le="+Inf"} 4
                postrider_delivery_time_seconds_sum 2.65
                postrider_delivery_time_seconds_count 4
                # HELP postrider_open postrider.open
                # TYPE postrider_open gauge
                postrider_open 2.5

                """
        )
    }

    @Test func nothingRecordedIsNoText() {
        #expect(PrometheusRegistry().text().isEmpty)
    }

    @Test func theSameNameAndLabelsShareOneSeries() {
        let registry = PrometheusRegistry()
        Counter(label: "c", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment()
        Counter(label: "c", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment()
        FloatingPointCounter(label: "c", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment(by: 0.5)
        #expect(registry.text().hasSuffix("c_total{a=\"1\",b=\"2\"} 2.5\n"))
    }

    @Test(arguments: [
        ("plain", "plain"), ("say \"hi\"", #"say \"hi\""#), ("back\\slash", #"back\\slash"#),
        ("two\nlines", #"two\nlines"#),
    ])
    func labelValuesAreEscaped(value: String, expected: String) {
        let registry = PrometheusRegistry()
        Counter(label: "c", dimensions: [("v", value)], factory: registry).increment()
        #expect(registry.text().hasSuffix("c_total{v=\"\(expected)\"} 1\n"))
    }

    @Test(arguments: [
        ("a.b-c", "route", #"a_b_c_total{route="x"}"#), ("9lives", "9", #"_9lives_total{_9="x"}"#),
        ("grün total", "le", #"gr__n_total{label_le="x"}"#),
        ("done_total", "__name__", #"done_total{label___name__="x"}"#),
        ("a:b", "b:c", #"a_b_total{b_c="x"}"#),
    ])
    func namesAreSanitised(label: String, dimension: String, expected: String) {
        let registry = PrometheusRegistry()
        Counter(label: label, dimensions: [(dimension, "x")], factory: registry).increment()
        #expect(registry.text().hasSuffix("\(expected) 1\n"))
    }

    @Test func countersNeverFall() {
        let registry = PrometheusRegistry()
        let counter = registry.makeCounter(label: "c", dimensions: [])
        counter.increment(by: 5)
        counter.increment(by: -3)
        let fractions = registry.makeFloatingPointCounter(label: "c", dimensions: [])
        for amount in [-1, .nan, .infinity] { fractions.increment(by: amount) }
        #expect(registry.text().hasSuffix("c_total 5\n"))
    }

    @Test func metersRiseAndFall() {
        let registry = PrometheusRegistry()
        let meter = Meter(label: "m", factory: registry)
        meter.set(10)
        meter.increment(by: 5.0)
        meter.decrement(by: 7.0)
        #expect(registry.text().hasSuffix("m 8\n"))
    }

    @Test func aggregateRecordersAreHistogramsThatIgnoreWhatIsNoNumber() {
        let registry = PrometheusRegistry(descriptions: ["batch": MetricDescription(help: "Rows.", buckets: [10, 100])])
        let recorder = Recorder(label: "batch", factory: registry)
        recorder.record(10)
        for value in [Double.nan, .infinity] { recorder.record(value) }
        recorder.record(1_000)
        #expect(registry.text().contains("batch_bucket{le=\"10\"} 1\nbatch_bucket{le=\"100\"} 1\n"))
        #expect(registry.text().hasSuffix("batch_sum 1010\nbatch_count 2\n"))
    }

    @Test func seriesBeyondTheBoundAreDroppedAndCounted() {
        let registry = PrometheusRegistry()
        for index in 0..<TelemetryLimits.seriesPerMetricMax + 3 {
            Counter(label: "c", dimensions: [("id", "\(index)")], factory: registry).increment()
        }
        // A series that exists keeps counting.
        Counter(label: "c", dimensions: [("id", "0")], factory: registry).increment()
        let lines = registry.text().split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("c_total{") } == TelemetryLimits.seriesPerMetricMax)
        #expect(lines.contains("c_total{id=\"0\"} 2"))
        #expect(lines.contains("postrider_metrics_series_dropped_total{metric=\"c_total\"} 3"))
    }

    @Test func metricsBeyondTheBoundAreDroppedAndCounted() {
        let registry = PrometheusRegistry()
        for index in 0..<3 * TelemetryLimits.metricsMax { Gauge(label: "g\(index)", factory: registry).record(1) }
        let text = registry.text()
        #expect(text.split(separator: "\n").count { $0.hasPrefix("# TYPE g") } == TelemetryLimits.metricsMax)
        #expect(
            text.contains("postrider_metrics_series_dropped_total{metric=\"other\"} \(TelemetryLimits.metricsMax)\n")
        )
    }

    @Test func aNameOfAnotherTypeIsDroppedAndCounted() {
        let registry = PrometheusRegistry()
        Recorder(label: "size", factory: registry).record(1)
        Gauge(label: "size", factory: registry).record(7)
        Gauge(label: "size.count", factory: registry).record(7)
        let lines = registry.text().split(separator: "\n")
        #expect(lines.contains("postrider_metrics_series_dropped_total{metric=\"size\"} 1"))
        #expect(lines.contains("postrider_metrics_series_dropped_total{metric=\"size_count\"} 1"))
        #expect(lines.filter { $0.hasPrefix("size_count") } == ["size_count 1"])
    }

    @Test func aSeriesGoesWithItsLastHolder() {
        let registry = PrometheusRegistry()
        let first = Counter(label: "c", factory: registry)
        let second = Counter(label: "c", factory: registry)
        first.destroy()
        second.increment()
        #expect(registry.text().hasSuffix("c_total 1\n"))
        second.destroy()
        #expect(registry.text().isEmpty)
        Gauge(label: "c_total", factory: registry).record(3)
        #expect(registry.text().hasSuffix("c_total 3\n"))
    }

    @Test func nothingIsLostWhenManyTasksCount() async {
        let registry = PrometheusRegistry()
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    let timer = Timer(label: "t", factory: registry)
                    for _ in 0..<1_000 {
                        Counter(label: "c", factory: registry).increment()
                        FloatingPointCounter(label: "f", factory: registry).increment(by: 0.5)
                        timer.recordNanoseconds(1)
                    }
                }
            }
        }
        let lines = registry.text().split(separator: "\n")
        for line in ["c_total 8000", "f_total 4000", "t_seconds_count 8000"] {
            #expect(lines.contains(Substring(line)))
        }
    }
}
