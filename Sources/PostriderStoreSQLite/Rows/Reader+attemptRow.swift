import PostriderCore

extension Reader {
    /// The columns of an attempt, to be read by ``attempt(in:)``; the body up to a number of bytes, the first parameter.
    static let boundedAttemptColumns = """
        key, message, account, retried, started_at, ended_at, verdict, status, next_due, error, response_headers, \
        CASE WHEN length(response_body) <= ?1 THEN response_body END
        """

    /// The attempt of the statement's row.
    func attempt(in row: PreparedStatement) throws -> Attempt {
        guard let verdict = UInt8(exactly: row.integer(6)).flatMap(Attempt.Verdict.init) else {
            throw StoreError(.unreadable, detail: "attempt \(row.integer(0)) has the verdict \(row.integer(6))")
        }
        return Attempt(
            key: MessageKey(rawValue: row.integer(0)),
            message: MessageKey(rawValue: row.integer(1)),
            account: try account(row.integer(2)),
            retried: Int(row.integer(3)),
            startedAt: Timestamp(milliseconds: row.integer(4)),
            endedAt: Timestamp(milliseconds: row.integer(5)),
            verdict: verdict,
            status: Int(row.integer(7)),
            error: row.optionalText(9),
            responseHeaders: try HeaderListCodec.decode(row.buffer(10)),
            responseBody: row.bytes(11),
            nextDue: row.optionalInteger(8).map { Timestamp(milliseconds: $0) }
        )
    }
}
