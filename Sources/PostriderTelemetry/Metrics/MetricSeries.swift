/// One line, or for a histogram one group of lines, of the Prometheus text: a metric name with one set of labels.
protocol MetricSeries: AnyObject, Sendable {
    /// The labels between the braces, already escaped; empty when there are none.
    var labels: String { get }

    /// Appends the sample lines as they are at this moment.
    func write(name: String, to text: inout String)
}

extension MetricSeries {
    /// Appends `name{labels} value` and a line feed; an extra label comes last, without a comma of its own.
    func writeSample(_ name: String, extraLabel: String = "", _ value: String, to text: inout String) {
        text += name
        if !labels.isEmpty || !extraLabel.isEmpty {
            text += "{"
            text += labels
            if !labels.isEmpty && !extraLabel.isEmpty { text += "," }
            text += extraLabel
            text += "}"
        }
        text += " "
        text += value
        text += "\n"
    }
}

extension Double {
    /// The number as Prometheus reads it, whole numbers without a fraction: `5`, `0.25`, `+Inf`, `NaN`.
    var prometheusText: String {
        if isNaN { return "NaN" }
        if isInfinite { return self < 0 ? "-Inf" : "+Inf" }
        let text = description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
