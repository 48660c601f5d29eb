import HTTPTypes
import QStashWire

/// What messages, log entries, dead letters and schedules have in common.
extension AnswerFields {
    /// The header type stops the program when it holds 65,535 fields.
    private static let headerValuesMax = 4_096

    /// Header fields in the order of their names, under the first of the names that is there.
    ///
    /// Names that HTTP does not allow are left out: nothing could be done with them.
    func headers(_ names: Name...) throws -> HTTPFields {
        for name in names {
            guard let map = try container.decodeIfPresent([String: HeaderValues].self, forKey: name) else { continue }
            guard map.values.reduce(0, { $0 + $1.values.count }) <= Self.headerValuesMax else {
                throw invalid(name, "has more than \(Self.headerValuesMax) values")
            }
            var fields = HTTPFields()
            // An object has no order; the names' own makes equal answers equal.
            for (text, values) in map.sorted(by: { $0.key < $1.key }) {
                guard let fieldName = HTTPField.Name(text) else { continue }
                for value in values.values { fields.append(HTTPField(name: fieldName, value: value)) }
            }
            return fields
        }
        return HTTPFields()
    }

    /// A body as resources show it: text under one name, or base64 under another; no bytes when there is neither.
    func body(_ name: Name, base64 otherName: Name) throws -> [UInt8] {
        if let text = try text(name) { return Array(text.utf8) }
        return try base64(otherName)
    }

    /// Bytes in base64; none when they are missing.
    ///
    /// A redacted body may stand there in clear: the colon of its prefix is no base64.
    func base64(_ name: Name) throws -> [UInt8] {
        guard let text = try text(name) else { return [] }
        if let bytes = Base64.decode(text) { return bytes }
        guard text.hasPrefix("REDACTED:") else { throw invalid(name, "is not base64") }
        return Array(text.utf8)
    }

    /// All labels: `labels`, and the older `label` in front when it is not among them.
    func labels() throws -> [String] {
        var labels = try container.decodeIfPresent([String].self, forKey: "labels") ?? []
        if let first = try text("label"), !labels.contains(first) { labels.insert(first, at: 0) }
        return labels
    }

    /// Key and limits of flow control; a limit of 0 is none.
    func flowControl() throws -> FlowControl? {
        guard let key: FlowControlKey = try identifier("flowControlKey") else { return nil }
        return FlowControl(
            key: key,
            parallelism: try count("parallelism").flatMap { $0 > 0 ? $0 : nil },
            rate: try count("rate").flatMap { $0 > 0 ? $0 : nil },
            period: try seconds("period")
        )
    }

    /// The formula of the waits between repetitions.
    func retryDelay() throws -> RetryDelay? {
        try text("retryDelayExpression", "retryDelayExpr").map { RetryDelay(expression: $0) }
    }
}

/// The values of a header field: a list, or one text in its place.
private struct HeaderValues: Decodable {
    let values: [String]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            values = [text]
        } else {
            values = try [String](from: decoder)
        }
    }
}
