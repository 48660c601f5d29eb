import PostriderCore

extension Reader {
    private static let listAll = SQLText(
        """
        SELECT key, due, retried, lane FROM pending
        WHERE due >= ?1 AND (due > ?1 OR key > ?2) ORDER BY due, key LIMIT ?3
        """
    )
    private static let listPartitions = SQLText(
        """
        SELECT key, due, retried, lane FROM pending
        WHERE due >= ?1 AND (due > ?1 OR key > ?2) AND partition BETWEEN ?4 AND ?5 ORDER BY due, key LIMIT ?3
        """
    )
    private static let listLane = SQLText(
        """
        SELECT key, due, retried, lane FROM pending
        WHERE lane = ?4 AND due >= ?1 AND (due > ?1 OR key >= ?2) ORDER BY due, key LIMIT ?3
        """
    )
    private static let count = SQLText("SELECT count(*) FROM pending")

    /// Waiting entries above a position; see ``MessageStore/pending(in:fence:after:limit:)``.
    func pending(in partitions: PartitionRange, after: PendingPosition?, limit: Int) throws -> [PendingEntry] {
        let statement = try session.statement(partitions == .all ? Self.listAll : Self.listPartitions)
        if partitions != .all {
            try statement.bind(Int64(partitions.bounds.lowerBound), at: 4)
            try statement.bind(Int64(partitions.bounds.upperBound), at: 5)
        }
        return try entries(
            statement,
            due: after?.due.milliseconds ?? .min,
            key: after?.key.rawValue ?? .min,
            limit: limit
        )
    }

    /// Waiting entries of a lane; see ``MessageStore/pending(in:fence:from:limit:)``.
    func pending(in lane: Lane, from: PendingPosition, limit: Int) throws -> [PendingEntry] {
        guard let id = try id(of: lane) else { return [] }
        let statement = try session.statement(Self.listLane)
        try statement.bind(id, at: 4)
        return try entries(statement, due: from.due.milliseconds, key: from.key.rawValue, limit: limit)
    }

    /// How many messages wait.
    func pendingCount() throws -> Int {
        let statement = try session.statement(Self.count)
        guard try statement.step() else { return 0 }
        defer { statement.reset() }
        return Int(statement.integer(0))
    }

    private func entries(
        _ statement: PreparedStatement,
        due: Int64,
        key: Int64,
        limit: Int
    ) throws -> [PendingEntry] {
        try statement.bind(due, at: 1)
        try statement.bind(key, at: 2)
        try statement.bind(Int64(max(0, limit)), at: 3)
        defer { statement.reset() }
        var entries: [PendingEntry] = []
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
        return entries
    }
}
