import HTTPTypes

/// A retry publishes the message anew, under a new id and with all its repetitions, and removes the entry.
///
/// `overriding` replaces single options of the message: only what is set in it is sent, so that everything else stays as it was. A
/// header replaces one of the same name. A deduplication does not exist here. No retry is repeated by the client, because a second
/// one would find the entry gone, or publish twice.
extension DeadLetterQueue {
    /// Publishes the message of one entry anew.
    ///
    /// - Parameter options: What is different from the message that failed.
    /// - Returns: The receipt of the new message.
    /// - Throws: ``QStashError`` with code `not_found` when there is no such entry.
    @discardableResult
    public func retry(
        _ id: DeadLetterID,
        overriding options: PublishOptions = PublishOptions()
    ) async throws -> PublishReceipt {
        let receipts = try await retry([id], overriding: options)
        guard receipts.count == 1 else {
            throw QStashError(.answerInvalid, "the server answered \(receipts.count) receipts for one entry")
        }
        return receipts[0]
    }

    /// Publishes the messages of those entries anew.
    ///
    /// - Parameter options: What is different from the messages that failed.
    /// - Returns: The receipts of the new messages, in the order of the ids.
    /// - Throws: ``QStashError`` with code `not_found` when an entry is missing, `list_empty` for no ids, `identifier_empty` for an empty one.
    @discardableResult
    public func retry(
        _ ids: [DeadLetterID],
        overriding options: PublishOptions = PublishOptions()
    ) async throws -> [PublishReceipt] {
        var query = FilterQuery()
        try query.add("dlqIds", ids, option: "ids")
        return try await retry(query, options).receipts
    }

    /// Publishes the messages of entries that a filter matches anew.
    ///
    /// - Parameters:
    ///   - countMax: How many are retried at most; nil for the server's bound.
    ///   - cursor: Where to go on: the ``BulkResult/next`` of the call before, with the same filter.
    ///   - options: What is different from the messages that failed.
    /// - Returns: The receipts of the new messages, and where to go on when more match.
    /// - Throws: ``QStashError`` with code `filter_empty` for a filter without conditions.
    @discardableResult
    public func retry(
        matching filter: DeadLetterFilter,
        countMax: Int? = nil,
        after cursor: Cursor? = nil,
        overriding options: PublishOptions = PublishOptions()
    ) async throws -> BulkResult {
        var query = FilterQuery()
        try query.addCount(countMax, option: "countMax")
        try query.addCursor(cursor)
        try filter.writeForChange(to: &query, all: "retryAll()")
        return try await retry(query, options)
    }

    /// Publishes the messages of all entries anew, one step a call.
    ///
    /// The steps are the caller's, because a message that fails at once is in the queue again, and a loop would retry it without end.
    ///
    /// - Parameters:
    ///   - countMax: How many this call retries at most.
    ///   - cursor: Where to go on: the ``BulkResult/next`` of the call before.
    ///   - options: What is different from the messages that failed.
    /// - Returns: The receipts of the new messages, and where to go on when there are more entries.
    /// - Throws: ``QStashError``.
    @discardableResult
    public func retryAll(
        countMax: Int = 100,
        after cursor: Cursor? = nil,
        overriding options: PublishOptions = PublishOptions()
    ) async throws -> BulkResult {
        var query = FilterQuery()
        try query.addCount(countMax, option: "countMax")
        try query.addCursor(cursor)
        return try await retry(query, options)
    }

    private func retry(_ query: FilterQuery, _ options: PublishOptions) async throws -> BulkResult {
        var writer = OptionFields()
        try writer.add(options, body: .empty, for: .retry)
        let call = APICall(
            .post,
            "/v2/dlq/retry",
            query: query.parameters,
            fields: writer.fields,
            repetition: .never
        )
        let answer = try await client.perform(call, as: RetryAnswer.self)
        return BulkResult(count: answer.responses.count, receipts: answer.responses, next: answer.cursor)
    }
}

private struct RetryAnswer: Decodable {
    var responses: [PublishReceipt]
    var cursor: Cursor?

    init(from decoder: any Decoder) throws {
        let fields = try AnswerFields(from: decoder)
        responses = try fields.container.decode([PublishReceipt].self, forKey: "responses")
        cursor = try fields.identifier("cursor")
    }
}
