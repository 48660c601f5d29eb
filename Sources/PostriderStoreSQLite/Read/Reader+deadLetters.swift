import PostriderCore

extension Reader {
    /// A dead letter before anything large of it is read.
    private struct Entry {
        let id: DeadLetterID
        let attempt: MessageKey
    }

    private static let listAscending = SQLText(
        """
        SELECT message, failed_at, attempt FROM dead_letter
        WHERE account = ?1 AND (failed_at, message) > (?2, ?3) ORDER BY failed_at, message LIMIT ?4
        """
    )
    private static let listDescending = SQLText(
        """
        SELECT message, failed_at, attempt FROM dead_letter
        WHERE account = ?1 AND (failed_at, message) < (?2, ?3) ORDER BY failed_at DESC, message DESC LIMIT ?4
        """
    )
    private static let find = SQLText(
        "SELECT message, failed_at, attempt FROM dead_letter WHERE message = ?1 AND account = ?2"
    )

    /// Dead letters; see ``MessageStore/deadLetters(_:)``.
    func deadLetters(_ query: DeadLetterQuery) throws -> [DeadLetter] {
        guard query.limit > 0, let account = try id(of: query.account) else { return [] }
        return try snapshot {
            let entries = try query.namedMessages.map { try named($0, query, account: account) }
            return try (entries ?? listed(query, account: account)).compactMap { entry in
                guard let message = try message(entry.id.message, account: account),
                    let attempt = try attempt(entry.attempt, account: account)
                else { return nil }
                return DeadLetter(id: entry.id, message: message, attempt: attempt)
            }
        }
    }

    private func listed(_ query: DeadLetterQuery, account: Int64) throws -> [Entry] {
        let row = try session.statement(query.isLatestFirst ? Self.listDescending : Self.listAscending)
        let end: Int64 = query.isLatestFirst ? .max : .min
        try row.bind(account, at: 1)
        try row.bind(query.after?.failedAt.milliseconds ?? end, at: 2)
        try row.bind(query.after?.message.rawValue ?? end, at: 3)
        try row.bind(Int64(query.limit), at: 4)
        return try entries(row)
    }

    /// The entries of some messages, as far as the query asks for them.
    private func named(_ messages: Set<MessageKey>, _ query: DeadLetterQuery, account: Int64) throws -> [Entry] {
        let ids = query.ids.map(Set.init)
        var found: [Entry] = []
        for message in messages {
            let row = try session.statement(Self.find)
            try row.bind(message.rawValue, at: 1)
            try row.bind(account, at: 2)
            found += try entries(row).filter { entry in
                if let after = query.after {
                    guard query.isLatestFirst ? entry.id < after : entry.id > after else { return false }
                }
                return ids?.contains(entry.id) ?? true
            }
        }
        found.sort { query.isLatestFirst ? $0.id > $1.id : $0.id < $1.id }
        return Array(found.prefix(query.limit))
    }

    private func entries(_ row: PreparedStatement) throws -> [Entry] {
        defer { row.reset() }
        var entries: [Entry] = []
        while try row.step() {
            let message = MessageKey(rawValue: row.integer(0))
            let id = DeadLetterID(failedAt: Timestamp(milliseconds: row.integer(1)), message: message)
            entries.append(Entry(id: id, attempt: MessageKey(rawValue: row.integer(2))))
        }
        return entries
    }
}

extension DeadLetterQuery {
    /// The messages whose entries can be meant; nil when all can.
    fileprivate var namedMessages: Set<MessageKey>? {
        guard let ids else { return message.map { [$0] } }
        let named = Set(ids.map(\.message))
        return message.map { named.intersection([$0]) } ?? named
    }
}
