/// The bounds of telemetry: what a log line or a scrape may grow to, whatever is put in.
package enum TelemetryLimits {
    /// UTF-8 bytes of one log message or metadata value; the rest is cut and marked with `…`.
    package static let logValueBytesMax = 8_192

    /// Metadata fields on one log line, counted after flattening; later ones, by key, are left out.
    package static let logFieldsMax = 64

    /// How deep nested metadata is flattened; what lies deeper is left out.
    package static let logDepthMax = 4

    /// Metric names in one registry; what comes later is dropped and counted.
    package static let metricsMax = 1_000

    /// Series, which are distinct sets of labels, under one metric name; what comes later is dropped and counted.
    package static let seriesPerMetricMax = 2_000

    /// UTF-8 bytes of one metric name, label name or label value; the rest is cut.
    package static let metricTextBytesMax = 256
}
