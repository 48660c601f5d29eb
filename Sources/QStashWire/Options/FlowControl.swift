/// The flow-control setting of a message: limits on the deliveries that share a key.
package struct FlowControl: Hashable, Sendable {
    /// The text of the cloud for every bad value; clients match on it.
    private static let valueText =
        "Upstash-Flow-Control-Value should be either rate=X or parallelism=Y, or both as comma-separated values"

    /// The key whose deliveries are counted together; any text without control characters, not empty.
    package var key: String

    /// How many deliveries may be under way at once, at least 1; nil for no such limit.
    package var parallelism: Int?

    /// How many deliveries may start in one period, at least 1; nil for no such limit.
    package var rate: Int?

    /// The period of ``rate`` in seconds, `1...604800`; 1 by default.
    package var periodSeconds: Int64

    /// A setting; nothing is checked.
    package init(key: String, parallelism: Int? = nil, rate: Int? = nil, periodSeconds: Int64 = 1) {
        self.key = key
        self.parallelism = parallelism
        self.rate = rate
        self.periodSeconds = periodSeconds
    }

    /// Parses the headers `Upstash-Flow-Control-Key` and `Upstash-Flow-Control-Value`.
    ///
    /// The value has `parallelism=N`, `rate=N` and `period=D` in any order, separated by commas; at least one of the
    /// first two. Bounds are those of `limits`.
    ///
    /// - Throws: ``WireError`` with code `flowControlInvalid`.
    package static func parse(
        key: String,
        value: String,
        limits: WireLimits = WireLimits()
    ) throws(WireError) -> FlowControl {
        guard !key.isEmpty, key.utf8.count <= limits.flowControlKeyBytesMax, HeaderField.isValidValue(key) else {
            throw WireError(
                .flowControlInvalid,
                "Upstash-Flow-Control-Key must have 1 to \(limits.flowControlKeyBytesMax) bytes without control characters"
            )
        }
        var control = FlowControl(key: key)
        var hasPeriod = false
        guard value.utf8.count <= 256 else { throw WireError(.flowControlInvalid, valueText) }
        for part in value.commaSeparatedParts {
            guard let setting = Setting(part) else { throw WireError(.flowControlInvalid, valueText) }
            switch setting.name {
            case "parallelism" where control.parallelism == nil:
                control.parallelism = try count(setting.value)
            case "rate" where control.rate == nil:
                control.rate = try count(setting.value)
            case "period" where !hasPeriod:
                control.periodSeconds = try period(setting.value, limits: limits)
                hasPeriod = true
            default:
                throw WireError(.flowControlInvalid, valueText)
            }
        }
        guard control.parallelism != nil || control.rate != nil else {
            throw WireError(.flowControlInvalid, valueText)
        }
        return control
    }

    private static func count(_ text: String) throws(WireError) -> Int {
        let bytes = text.utf8.span
        guard let number = bytes.decimalInteger(), number >= 1, number <= Int64(Int32.max) else {
            throw WireError(.flowControlInvalid, "\(valueText); each at least 1")
        }
        return Int(number)
    }

    private static func period(_ text: String, limits: WireLimits) throws(WireError) -> Int64 {
        let seconds = try? WireDuration.seconds(parsing: text, header: "Upstash-Flow-Control-Value")
        guard let seconds, seconds >= 1, seconds <= limits.flowControlPeriodSecondsMax else {
            throw WireError(
                .flowControlInvalid,
                "Upstash-Flow-Control-Value: period must be a duration from 1s to \(limits.flowControlPeriodSecondsMax)s"
            )
        }
        return seconds
    }

    private struct Setting {
        let name: String
        let value: String

        init?(_ part: String) {
            guard let equals = part.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            name = String(part[..<equals]).trimmingBlanks.lowercased()
            value = String(part[part.utf8.index(after: equals)...]).trimmingBlanks
        }
    }
}
