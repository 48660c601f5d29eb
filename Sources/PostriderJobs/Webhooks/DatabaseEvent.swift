/// A change of a row that a database tells of (application reference, 4.1), in one form for both senders.
///
/// The built-in webhook of the platform gives no time, and puts the row of a DELETE in `old_record`; a trigger gives the time, and puts it
/// in `record`. Read ``row`` and it does not matter.
public struct DatabaseEvent: Sendable, Hashable {
    /// What happened to the row.
    public enum Operation: String, Sendable, Hashable, CaseIterable {
        /// It is new.
        case insert = "INSERT"
        /// It has changed.
        case update = "UPDATE"
        /// It is gone.
        case delete = "DELETE"
    }

    /// What happened to the row.
    public let type: Operation

    /// The table; 1...255 bytes.
    public let table: String

    /// The schema of the table; nil when the sender does not say.
    public let schema: String?

    /// The row as it is; nil when it is gone, from most senders.
    public let record: [String: JSONValue]?

    /// The row as it was; nil when there was none, or the sender does not say.
    public let oldRecord: [String: JSONValue]?

    /// When it happened, as the sender wrote it: ISO 8601 with `Z` or an offset; nil when the sender does not say.
    public let occurredAt: String?

    /// An event.
    public init(
        type: Operation,
        table: String,
        schema: String? = nil,
        record: [String: JSONValue]?,
        oldRecord: [String: JSONValue]? = nil,
        occurredAt: String? = nil
    ) {
        self.type = type
        self.table = table
        self.schema = schema
        self.record = record
        self.oldRecord = oldRecord
        self.occurredAt = occurredAt
    }

    /// The row as it is, else as it was; nil when the sender sent neither.
    public var row: [String: JSONValue]? { record ?? oldRecord }

    /// The event in its normalised form, as it is passed on to jobs: `type`, `table`, `schema`, `record`, `oldRecord`, `occurredAt`.
    ///
    /// What the sender did not say is left out, except the records, which are null then.
    public var normalised: JSONValue {
        var members: [String: JSONValue] = [
            "type": .string(type.rawValue),
            "table": .string(table),
            "record": record.map(JSONValue.object) ?? .null,
            "oldRecord": oldRecord.map(JSONValue.object) ?? .null,
        ]
        if let schema { members["schema"] = .string(schema) }
        if let occurredAt { members["occurredAt"] = .string(occurredAt) }
        return .object(members)
    }
}
