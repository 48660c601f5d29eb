import PostriderCore

/// The two steps in which waiting entries are listed: the rest of a moment by key, then what is due later.
///
/// SQLite cannot seek to (due, key) in one step, and a million messages may be due at the same moment.
private struct Positioned {
    let sameMoment: SQLText
    let later: SQLText

    /// - Parameter condition: Ends in `AND` unless it is empty; parameters 1 to 3 are due, key and limit.
    init(_ condition: String) {
        let select = "SELECT key, due, retried, lane FROM pending WHERE \(condition)"
        self.sameMoment = SQLText("\(select) due = ?1 AND key >= ?2 ORDER BY key LIMIT ?3")
        self.later = SQLText("\(select) due > ?1 ORDER BY due, key LIMIT ?3")
    }
}

extension Reader {
    private static let ofAll = Positioned("")
    private static let ofPartitions = Positioned("partition BETWEEN ?4 AND ?5 AND")
    private static let ofLane = Positioned("lane = ?4 AND")
    private static let count = SQLText("SELECT count(*) FROM pending")

    /// Waiting entries above a position; see ``MessageStore/pending(in:fence:after:limit:)``.
    func pending(in partitions: PartitionRange, after: PendingPosition?, limit: Int) throws -> [PendingEntry] {
        // No key lies between a key and the next number.
        let from = after.map { after in
            PendingPosition(due: after.due, key: MessageKey(rawValue: after.key.rawValue &+ 1))
        }
        guard partitions != .all else { return try entries(Self.ofAll, [], from: from, limit: limit) }
        let bounds = [Int64(partitions.bounds.lowerBound), Int64(partitions.bounds.upperBound)]
        return try entries(Self.ofPartitions, bounds, from: from, limit: limit)
    }

    /// Waiting entries of a lane; see ``MessageStore/pending(in:fence:from:limit:)``.
    func pending(in lane: Lane, from: PendingPosition, limit: Int) throws -> [PendingEntry] {
        guard let id = try id(of: lane) else { return [] }
        return try entries(Self.ofLane, [id], from: from, limit: limit)
    }

    /// How many messages wait.
    func pendingCount() throws -> Int {
        let statement = try session.statement(Self.count)
        guard try statement.step() else { return 0 }
        defer { statement.reset() }
        return Int(statement.integer(0))
    }

    private func entries(
        _ sql: Positioned,
        _ parameters: [Int64],
        from: PendingPosition?,
        limit: Int
    ) throws -> [PendingEntry] {
        guard limit > 0 else { return [] }
        let earliest = PendingPosition(due: Timestamp(milliseconds: .min), key: MessageKey(rawValue: .min))
        return try snapshot {
            var entries: [PendingEntry] = []
            try append(sql.sameMoment, parameters, from: from ?? earliest, limit: limit, to: &entries)
            if entries.count < limit {
                let rest = limit - entries.count
                try append(sql.later, parameters, from: from ?? earliest, limit: rest, to: &entries)
            }
            return entries
        }
    }

    private func append(
        _ sql: SQLText,
        _ parameters: [Int64],
        from: PendingPosition,
        limit: Int,
        to entries: inout [PendingEntry]
    ) throws {
        let statement = try session.statement(sql)
        try statement.bind(from.due.milliseconds, at: 1)
        try statement.bind(from.key.rawValue, at: 2)
        try statement.bind(Int64(limit), at: 3)
        for (index, parameter) in parameters.enumerated() { try statement.bind(parameter, at: CInt(index + 4)) }
        defer { statement.reset() }
        while try statement.step() {
            entries.append(
                PendingEntry(
                    key: MessageKey(rawValue: statement.integer(0)),
                    due: Timestamp(milliseconds: statement.integer(1)),
                    retried: Int(statement.integer(2)),
                    lane: try lane(statement.integer(3))
                )
            )
        }
    }
}
