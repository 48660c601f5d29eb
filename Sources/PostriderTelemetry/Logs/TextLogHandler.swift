package import Logging

/// Writes each log event as one line for people: time, level, label, message, then metadata as `key=value`.
///
/// Control characters are escaped, so that a value can neither start a line of its own nor steer the terminal.
package struct TextLogHandler: LogHandler {
    private var context: LogContext
    private let colours: Bool

    /// - Parameters:
    ///   - label: the logger's label, such as `postrider.broker`.
    ///   - colours: true adds ANSI colours; ask for them only when the output is a terminal.
    ///   - metadataProvider: asked at each event; nil adds nothing.
    ///   - output: takes the finished lines.
    ///   - millisecondsSince1970: the wall time, read once for each event.
    package init(
        label: String,
        colours: Bool = false,
        metadataProvider: Logger.MetadataProvider? = nil,
        output: LogOutput = .standardError,
        millisecondsSince1970: @escaping @Sendable () -> Int64
    ) {
        self.colours = colours
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
        let time = Timestamp(millisecondsSince1970: context.millisecondsSince1970())
        var line = "\(time) \(name(of: event.level)) \(Self.escaped(context.label)): "
        line += Self.escaped(event.message.description)
        for (key, value) in context.fields(of: event) {
            line += " \(dimmed(Self.escaped(key) + "="))\(Self.quotedIfNeeded(value))"
        }
        line += "\n"
        context.output.send(Array(line.utf8))
    }

    private func name(of level: Logger.Level) -> String {
        let name = level.rawValue.uppercased()
        let padded = name + String(repeating: " ", count: max(0, "CRITICAL".count - name.count))
        guard colours else { return padded }
        return "\u{1B}[\(Self.colour(of: level))m\(padded)\u{1B}[0m"
    }

    private func dimmed(_ text: String) -> String {
        colours ? "\u{1B}[2m\(text)\u{1B}[0m" : text
    }

    /// The number of the ANSI colour: grey for detail, yellow and red for what needs somebody.
    private static func colour(of level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 90
        case .info: 32
        case .notice: 36
        case .warning: 33
        case .error, .critical: 31
        }
    }

    /// A value in quotes when it is empty or holds a blank, a quote or an equals sign, so that a line can be taken apart.
    private static func quotedIfNeeded(_ value: String) -> String {
        let plain = !value.isEmpty && !value.contains { $0 == " " || $0 == "\"" || $0 == "=" }
        guard !plain else { return escaped(value) }
        return "\"" + escaped(value).replacing("\"", with: "\\\"") + "\""
    }

    /// The text with control characters written as `\n` or `\x1b`.
    private static func escaped(_ text: String) -> String {
        let text = LogText.bounded(text)
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "\n" {
                result += "\\n"
            } else if isControl(scalar), let byte = UInt8(exactly: scalar.value) {
                result += "\\x"
                result.unicodeScalars.append(Unicode.Scalar(LogText.hexDigit(byte >> 4)))
                result.unicodeScalars.append(Unicode.Scalar(LogText.hexDigit(byte & 0x0F)))
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// C0, DEL and C1: some terminals obey the 8-bit controls of the C1 range too.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }
}
