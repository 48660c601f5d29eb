/// All series of one metric name, which share a type and a help text.
struct MetricFamily {
    /// The types of the Prometheus text format that the registry writes.
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    /// One set of labels with the number of handles given out for it.
    struct Entry {
        let series: any MetricSeries
        var holders: Int
    }

    let name: String
    let kind: Kind
    let help: String
    /// The bounds of a histogram's buckets; empty for the other kinds.
    let bounds: [Double]
    /// Series by their labels.
    var entries: [String: Entry] = [:]

    /// The names that appear in sample lines: no other family may use them.
    static func sampleNames(of name: String, _ kind: Kind) -> [String] {
        kind == .histogram ? [name, "\(name)_bucket", "\(name)_sum", "\(name)_count"] : [name]
    }

    func write(to text: inout String) {
        text += "# HELP \(name) \(MetricName.escapedHelp(help))\n"
        text += "# TYPE \(name) \(kind.rawValue)\n"
        for (_, entry) in entries.sorted(by: { $0.key < $1.key }) {
            entry.series.write(name: name, to: &text)
        }
    }
}
