import Logging

/// What a logger carries from line to line, and how one event becomes flat fields.
struct LogContext: Sendable {
    let label: String
    let millisecondsSince1970: @Sendable () -> Int64
    let output: LogOutput
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level = .info

    /// Metadata of one event as flat fields in the order of their keys, each key once.
    ///
    /// What the statement says wins over the provider, and the provider over the logger. Nested keys are joined with a
    /// dot: `["a": ["b": "1"]]` becomes `a.b`. Depth and number are bounded by ``TelemetryLimits``.
    func fields(of event: LogEvent) -> [(key: String, value: String)] {
        var merged = metadata
        if let provided = metadataProvider?.get() {
            merged.merge(provided) { _, provided in provided }
        }
        if let explicit = event.metadata {
            merged.merge(explicit) { _, explicit in explicit }
        }
        if let error = event.error {
            merged["error.message"] = "\(error)"
            merged["error.type"] = "\(String(reflecting: type(of: error)))"
        }
        guard !merged.isEmpty else { return [] }
        var flat: [String: String] = [:]
        Self.flatten(.dictionary(merged), under: "", depth: 0, into: &flat)
        return flat.sorted { $0.key < $1.key }.prefix(TelemetryLimits.logFieldsMax).map { ($0.key, $0.value) }
    }

    private static func flatten(
        _ value: Logger.MetadataValue,
        under key: String,
        depth: Int,
        into flat: inout [String: String]
    ) {
        guard depth <= TelemetryLimits.logDepthMax else { return }
        // Sorted, so that two nested values that meet under one key end the same way in every run.
        switch value {
        case .string(let text):
            flat[key] = text
        case .stringConvertible(let convertible):
            flat[key] = convertible.description
        case .dictionary(let children):
            for (name, child) in children.sorted(by: { $0.key < $1.key }).prefix(TelemetryLimits.logFieldsMax) {
                flatten(child, under: key.isEmpty ? name : "\(key).\(name)", depth: depth + 1, into: &flat)
            }
        case .array(let children):
            for (index, child) in children.prefix(TelemetryLimits.logFieldsMax).enumerated() {
                flatten(child, under: "\(key).\(index)", depth: depth + 1, into: &flat)
            }
        }
    }
}
