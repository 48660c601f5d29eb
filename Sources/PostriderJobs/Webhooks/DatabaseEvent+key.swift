extension DatabaseEvent {
    /// A longer id is told by the hash of its record: keys are kept in stores, and have a bound.
    private static let idLengthMax = 255

    /// What tells this event from all others, and is the same when it is sent again (application reference, 4.3).
    ///
    /// `<table>:<type>:<time or empty>:<id of the record, or a hash of the row>`; and, where that is not enough, `:` and a hash of both
    /// rows: an UPDATE has the time of its transaction, in which the row may change twice, and without a time nothing else tells two
    /// changes of one row apart.
    public var eventKey: String {
        var key = "\(table):\(type.rawValue):\(occurredAt ?? ""):\(suffix)"
        if occurredAt == nil || type == .update {
            let rows: JSONValue = [
                "record": record.map(JSONValue.object) ?? .null,
                "oldRecord": oldRecord.map(JSONValue.object) ?? .null,
            ]
            key += ":\(Hexadecimal.digest(of: rows.canonicalText, count: 16))"
        }
        return key
    }

    private var suffix: String {
        if let id = record?["id"].flatMap(Self.idText) { return id }
        return Hexadecimal.digest(of: JSONValue.object(row ?? [:]).canonicalText, count: 16)
    }

    /// The id as text; nil when it is neither number nor text, or empty.
    private static func idText(_ id: JSONValue) -> String? {
        switch id {
        case .integer(let number): return String(number)
        case .number(let number): return id.integer.map { String($0) } ?? "\(number)"
        case .decimal(let number): return number.text.utf8.count <= idLengthMax ? number.text : nil
        case .string(let text): return (1...idLengthMax).contains(text.utf8.count) ? text : nil
        default: return nil
        }
    }
}
