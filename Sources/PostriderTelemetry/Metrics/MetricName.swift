/// Names and labels in the form that Prometheus text allows.
enum MetricName {
    /// A metric name of letters, digits and `_`; every other byte, `.` and `-` among them, becomes `_`.
    ///
    /// Colons become `_` too, because Prometheus keeps them for its recording rules.
    static func sanitised(_ label: String) -> String {
        var bytes = LogText.prefix(of: label, bytesMax: TelemetryLimits.metricTextBytesMax).utf8.map {
            isLetter($0) || isDigit($0) ? $0 : UInt8(ascii: "_")
        }
        if bytes.first.map(isDigit) ?? true { bytes.insert(UInt8(ascii: "_"), at: 0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The name of a counter: sanitised, ending in `_total`.
    static func counter(_ label: String) -> String {
        suffixed(sanitised(label), "_total")
    }

    /// The name of a timer: sanitised, ending in `_seconds`, its unit.
    static func timer(_ label: String) -> String {
        suffixed(sanitised(label), "_seconds")
    }

    /// Labels as they stand between the braces, sorted by name; empty when there are none.
    ///
    /// Names that Prometheus keeps for itself, `le` and those beginning with `__`, get `label_` in front. Of two
    /// dimensions that end up with one name the later counts.
    static func labels(_ dimensions: [(String, String)]) -> String {
        guard !dimensions.isEmpty else { return "" }
        var values: [String: String] = [:]
        for (name, value) in dimensions {
            let name = sanitised(name)
            let reserved = name == "le" || name == "quantile" || name.hasPrefix("__")
            values[reserved ? "label_\(name)" : name] = value
        }
        return values.sorted { $0.key < $1.key }
            .map { "\($0.key)=\"\(escapedValue($0.value))\"" }
            .joined(separator: ",")
    }

    /// A label value with backslash, quote and line feed escaped.
    static func escapedValue(_ value: String) -> String {
        let value = LogText.prefix(of: value, bytesMax: TelemetryLimits.metricTextBytesMax)
        guard value.utf8.contains(where: { $0 == 0x5C || $0 == 0x22 || $0 == 0x0A }) else { return value }
        return escapedHelp(value).replacing("\"", with: "\\\"")
    }

    /// A help text with backslash and line feed escaped; quotes stand as they are.
    static func escapedHelp(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    private static func suffixed(_ name: String, _ suffix: String) -> String {
        name.hasSuffix(suffix) ? name : name + suffix
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
