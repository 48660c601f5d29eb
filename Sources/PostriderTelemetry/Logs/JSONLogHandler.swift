package import Logging

/// Writes each log event as one JSON object on a line of its own, for programs that read logs.
///
/// Keys: `time` (ISO 8601, UTC, milliseconds), `level`, `label`, `message`, then the metadata, flattened and sorted by key;
/// every value is a string. Metadata that bears the name of one of the first four appears as `metadata.<name>`.
package struct JSONLogHandler: LogHandler {
    private var context: LogContext

    /// - Parameters:
    ///   - label: the logger's label, such as `postrider.broker`.
    ///   - metadataProvider: asked at each event; nil adds nothing.
    ///   - output: takes the finished lines.
    ///   - millisecondsSince1970: the wall time, read once for each event.
    package init(
        label: String,
        metadataProvider: Logger.MetadataProvider? = nil,
        output: LogOutput = .standardError,
        millisecondsSince1970: @escaping @Sendable () -> Int64
    ) {
        context = LogContext(
            label: label,
            millisecondsSince1970: millisecondsSince1970,
            output: output,
            metadataProvider: metadataProvider
        )
    }

    package var metadata: Logger.Metadata {
        get { context.metadata }
        set { context.metadata = newValue }
    }

    package var metadataProvider: Logger.MetadataProvider? {
        get { context.metadataProvider }
        set { context.metadataProvider = newValue }
    }

    package var logLevel: Logger.Level {
        get { context.logLevel }
        set { context.logLevel = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { context.metadata[key] }
        set { context.metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var line = JSONLine()
        line.append("time", Timestamp(millisecondsSince1970: context.millisecondsSince1970()).description)
        line.append("level", event.level.rawValue)
        line.append("label", context.label)
        line.append("message", event.message.description)
        for (key, value) in context.fields(of: event) {
            line.append(Self.reserved.contains(key) ? "metadata.\(key)" : key, value)
        }
        context.output.send(line.finished())
    }

    private static let reserved: Set<String> = ["time", "level", "label", "message"]
}
