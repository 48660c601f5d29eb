import PostriderCore

/// The log is merged from three tables: of each, the keys of the first rows are read, and only what is left of them after
/// the merge is read whole.
extension Reader {
    /// Rows of the log; see ``MessageStore/log(_:)``.
    func log(_ query: LogQuery) throws -> [LogRow] {
        guard query.limit > 0, let account = try id(of: query.account) else { return [] }
        return try snapshot {
            var candidates = try candidates(query, account: account)
            candidates.sort { query.isLatestFirst ? $0.key > $1.key : $0.key < $1.key }
            var messages: [MessageKey: Message] = [:]
            return try candidates.prefix(query.limit).compactMap { candidate in
                let known = messages[candidate.message]
                let found = try known ?? message(candidate.message, account: account, bodyBytesMax: query.bodyBytesMax)
                guard let message = found else { return nil }
                messages[candidate.message] = message
                return try row(candidate, message: message, account: account, bodyBytesMax: query.bodyBytesMax)
            }
        }
    }

    private func row(
        _ candidate: LogCandidate,
        message: Message,
        account: Int64,
        bodyBytesMax: Int
    ) throws -> LogRow? {
        let kind: LogRow.Kind
        switch candidate.stream {
        case .created: kind = .created
        case .attempt:
            let found = try attempt(candidate.key, account: account, bodyBytesMax: bodyBytesMax)
            guard let attempt = found else { return nil }
            kind = .attempt(attempt)
        case .cancellation:
            guard let cancellation = try cancellation(candidate.key) else { return nil }
            kind = cancellation
        }
        return LogRow(key: candidate.key, message: message, kind: kind)
    }

    private static let findCancellation = SQLText("SELECT at, is_removed FROM cancellation WHERE key = ?")

    private func cancellation(_ key: MessageKey) throws -> LogRow.Kind? {
        let row = try session.statement(Self.findCancellation)
        try row.bind(key.rawValue, at: 1)
        guard try row.step() else { return nil }
        defer { row.reset() }
        return .cancellation(at: Timestamp(milliseconds: row.integer(0)), isRemoved: row.integer(1) != 0)
    }
}
