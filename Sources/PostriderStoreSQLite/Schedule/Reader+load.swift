import PostriderCore

extension Reader {
    private static let find = SQLText(
        """
        SELECT p.due, p.retried, p.lane, p.cancel_requested, \(messageColumns)
        FROM pending p JOIN message m ON m.key = p.key WHERE p.key = ?
        """
    )

    /// Messages that still wait; see ``MessageStore/load(_:)``.
    func load(_ keys: [MessageKey]) throws -> [WaitingMessage] {
        guard keys.count > 1 else { return try keys.compactMap(load) }
        return try snapshot { try keys.compactMap(load) }
    }

    private func load(_ key: MessageKey) throws -> WaitingMessage? {
        let row = try session.statement(Self.find)
        try row.bind(key.rawValue, at: 1)
        guard try row.step() else { return nil }
        defer { row.reset() }
        return WaitingMessage(
            message: try message(in: row, from: 4),
            entry: PendingEntry(
                key: key,
                due: Timestamp(milliseconds: row.integer(0)),
                retried: Int(row.integer(1)),
                lane: try lane(row.integer(2))
            ),
            isCancelRequested: row.integer(3) != 0
        )
    }
}
