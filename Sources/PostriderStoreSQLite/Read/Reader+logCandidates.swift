import PostriderCore

/// A statement in both directions: the same rows from a key upwards, or from it downwards.
private struct Directed {
    let ascending: SQLText
    let descending: SQLText

    /// - Parameter sql: Selects key and message; ends in a condition. Parameters 1 and 2 are the key and the limit.
    init(_ sql: String) {
        self.ascending = SQLText("\(sql) AND key >= ?1 ORDER BY key LIMIT ?2")
        self.descending = SQLText("\(sql) AND key <= ?1 ORDER BY key DESC LIMIT ?2")
    }
}

extension Reader {
    private static let createdOfAccount = Directed("SELECT key, key FROM message WHERE account = ?3")
    private static let attemptsOfAccount = Directed(
        "SELECT key, message FROM attempt WHERE account = ?3 AND verdict = ?4"
    )
    private static let cancellationsOfAccount = Directed("SELECT key, message FROM cancellation WHERE account = ?3")

    // The plus keeps SQLite from choosing the index by account, which most rows share.
    private static let createdOfMessage = Directed("SELECT key, key FROM message WHERE +account = ?3 AND key = ?4")
    private static let attemptsOfMessage = Directed(
        "SELECT key, message FROM attempt WHERE +account = ?3 AND message = ?4 AND (1 << verdict) & ?5"
    )
    private static let cancellationsOfMessage = Directed(
        "SELECT key, message FROM cancellation WHERE +account = ?3 AND message = ?4"
    )

    /// The first rows of every stream asked for, each stream in order; more than asked for when there are several.
    func candidates(_ query: LogQuery, account: Int64) throws -> [LogCandidate] {
        guard let messages = query.messages else { return try candidatesOfAccount(query, account: account) }
        var candidates: [LogCandidate] = []
        let verdictBits = (query.verdicts ?? Set(Attempt.Verdict.allCases)).reduce(into: Int64(0)) { bits, verdict in
            bits |= 1 << Int64(verdict.rawValue)
        }
        for key in Set(messages) {
            for stream in LogQuery.Stream.allCases where query.streams.contains(stream) {
                let sql =
                    switch stream {
                    case .created: Self.createdOfMessage
                    case .attempt: Self.attemptsOfMessage
                    case .cancellation: Self.cancellationsOfMessage
                    }
                let parameters = [account, key.rawValue] + (stream == .attempt ? [verdictBits] : [])
                candidates += try self.candidates(sql, stream, parameters, query)
            }
        }
        return candidates
    }

    private func candidatesOfAccount(_ query: LogQuery, account: Int64) throws -> [LogCandidate] {
        var candidates: [LogCandidate] = []
        if query.streams.contains(.created) {
            candidates += try self.candidates(Self.createdOfAccount, .created, [account], query)
        }
        if query.streams.contains(.attempt) {
            // The index leads to the rows of one verdict in order, never past those of another.
            for verdict in Attempt.Verdict.allCases where query.verdicts?.contains(verdict) ?? true {
                let parameters = [account, Int64(verdict.rawValue)]
                candidates += try self.candidates(Self.attemptsOfAccount, .attempt, parameters, query)
            }
        }
        if query.streams.contains(.cancellation) {
            candidates += try self.candidates(Self.cancellationsOfAccount, .cancellation, [account], query)
        }
        return candidates
    }

    private func candidates(
        _ sql: Directed,
        _ stream: LogQuery.Stream,
        _ parameters: [Int64],
        _ query: LogQuery
    ) throws -> [LogCandidate] {
        let row = try session.statement(query.isLatestFirst ? sql.descending : sql.ascending)
        try row.bind(query.from?.rawValue ?? (query.isLatestFirst ? .max : .min), at: 1)
        try row.bind(Int64(query.limit), at: 2)
        for (index, parameter) in parameters.enumerated() { try row.bind(parameter, at: CInt(index + 3)) }
        defer { row.reset() }
        var candidates: [LogCandidate] = []
        while try row.step() {
            candidates.append(
                LogCandidate(
                    key: MessageKey(rawValue: row.integer(0)),
                    message: MessageKey(rawValue: row.integer(1)),
                    stream: stream
                )
            )
        }
        return candidates
    }
}
