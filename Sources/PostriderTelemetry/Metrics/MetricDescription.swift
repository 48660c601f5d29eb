/// What the registry should know of a metric before the first value arrives.
package struct MetricDescription: Sendable {
    /// The sentence after `# HELP`.
    package var help: String

    /// Upper bounds of the histogram's buckets, ascending and finite, in the unit of the metric.
    ///
    /// Nil takes ``secondsBuckets``. Counters and gauges have none.
    package var buckets: [Double]?

    package init(help: String, buckets: [Double]? = nil) {
        self.help = help
        self.buckets = buckets
    }

    /// From half a millisecond, a fast delivery, to the 15 minutes a destination may take by default.
    package static let secondsBuckets: [Double] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900,
    ]
}
