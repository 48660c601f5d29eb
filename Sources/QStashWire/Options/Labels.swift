/// The value of `Upstash-Label`: a list of labels.
package enum Labels {
    /// The labels of a comma-separated list, in order.
    ///
    /// Blanks around a label are dropped, and so are empty labels and repetitions; an empty text has no labels.
    ///
    /// - Throws: ``WireError`` with code `labelInvalid` when there are more labels or longer ones than `limits` allows.
    package static func parse(_ text: String, limits: WireLimits = WireLimits()) throws(WireError) -> [String] {
        // Also bounds the work for a text that consists of commas.
        guard text.utf8.count <= limits.labelsMax * (limits.labelBytesMax + 2) else { throw tooMany(limits) }
        var labels: [String] = []
        for label in text.commaSeparatedParts where !label.isEmpty && !labels.contains(label) {
            guard label.utf8.count <= limits.labelBytesMax else {
                throw WireError(.labelInvalid, "Upstash-Label: a label is longer than \(limits.labelBytesMax) bytes")
            }
            guard labels.count < limits.labelsMax else { throw tooMany(limits) }
            labels.append(label)
        }
        return labels
    }

    private static func tooMany(_ limits: WireLimits) -> WireError {
        WireError(.labelInvalid, "Upstash-Label has more than \(limits.labelsMax) labels: give fewer")
    }
}
