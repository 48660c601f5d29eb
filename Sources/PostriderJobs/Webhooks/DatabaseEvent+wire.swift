extension DatabaseEvent {
    private static let tableLengthMax = 255

    /// Reads what a database sent.
    ///
    /// Members that are not known are passed over. `schema` and `occurred_at` may be null, as triggers write them.
    ///
    /// - Throws: ``WebhookError/invalidRequest`` with the name of the member that is wrong.
    init(wire payload: JSONValue) throws(WebhookError) {
        guard let members = payload.object else { throw Self.invalid("the payload") }
        guard let type = members["type"]?.string.flatMap(Operation.init) else { throw Self.invalid("type") }
        guard let table = members["table"]?.string, (1...Self.tableLengthMax).contains(table.utf8.count) else {
            throw Self.invalid("table")
        }
        guard let record = members["record"] else { throw Self.invalid("record") }
        let occurredAt = try Self.text(members["occurred_at"], "occurred_at")
        guard occurredAt.map({ ISODate.date($0) != nil }) ?? true else { throw Self.invalid("occurred_at") }
        self.init(
            type: type,
            table: table,
            schema: try Self.text(members["schema"], "schema"),
            record: try Self.row(record, "record"),
            oldRecord: try Self.row(members["old_record"] ?? .null, "old_record"),
            occurredAt: occurredAt
        )
    }

    private static func row(_ value: JSONValue, _ name: String) throws(WebhookError) -> [String: JSONValue]? {
        if value.isNull { return nil }
        guard let members = value.object else { throw invalid(name) }
        return members
    }

    private static func text(_ value: JSONValue?, _ name: String) throws(WebhookError) -> String? {
        guard let value, !value.isNull else { return nil }
        guard let text = value.string else { throw invalid(name) }
        return text
    }

    private static func invalid(_ name: String) -> WebhookError {
        .invalidRequest("\(name) is missing or not of its form")
    }
}
