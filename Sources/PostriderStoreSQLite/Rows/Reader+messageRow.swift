import PostriderCore

extension Reader {
    /// The columns of a message, to be read by ``message(in:from:)``; with the whole body.
    static let messageColumns = """
        m.key, m.account, m.destination, m.created_at, m.not_before, m.settings, \
        m.source_message, m.source_attempt, m.source_failed_at, coalesce(m.source_bytes, length(m.body)), m.body
        """

    /// The same columns, with the body only up to a number of bytes, which is the first parameter.
    static let boundedMessageColumns = """
        m.key, m.account, m.destination, m.created_at, m.not_before, m.settings, \
        m.source_message, m.source_attempt, m.source_failed_at, coalesce(m.source_bytes, length(m.body)), \
        CASE WHEN length(m.body) <= ?1 THEN m.body END
        """

    /// The message of the statement's row.
    ///
    /// - Parameter first: The column at which the message's columns begin.
    func message(in row: PreparedStatement, from first: CInt = 0) throws -> Message {
        Message(
            key: MessageKey(rawValue: row.integer(first)),
            account: try account(row.integer(first + 1)),
            destination: try destination(row.integer(first + 2)),
            createdAt: Timestamp(milliseconds: row.integer(first + 3)),
            notBefore: Timestamp(milliseconds: row.integer(first + 4)),
            settings: try MessageSettingsCodec.decode(row.buffer(first + 5)),
            body: body(in: row, from: first + 6)
        )
    }

    private func body(in row: PreparedStatement, from first: CInt) -> MessageBody {
        if let source = row.optionalInteger(first) {
            let message = MessageKey(rawValue: source)
            let failedAt = row.optionalInteger(first + 2).map { Timestamp(milliseconds: $0) }
            return .callback(
                CallbackSource(
                    message: message,
                    attempt: MessageKey(rawValue: row.integer(first + 1)),
                    deadLetter: failedAt.map { DeadLetterID(failedAt: $0, message: message) },
                    byteCount: Int(row.integer(first + 3))
                )
            )
        }
        guard !row.isNull(first + 4) else { return .omitted(byteCount: Int(row.integer(first + 3))) }
        return .bytes(row.bytes(first + 4))
    }
}
