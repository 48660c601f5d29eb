import HTTPTypes

extension DeadLetterQueue {
    /// How many entries one step of ``deleteAll()`` deletes at most.
    private static let stepCount = 100

    /// How many steps ``deleteAll()`` takes at most.
    private static let stepsMax = 1_000

    /// Deletes one entry.
    ///
    /// - Throws: ``QStashError`` with code `not_found` when there is none; also when the answer to a first attempt was lost, and the
    ///   repetition finds it deleted.
    public func delete(_ id: DeadLetterID) async throws {
        _ = try await client.perform(APICall(.delete, "/v2/dlq/\(try id.pathSegment())"))
    }

    /// Deletes the entries with those ids; one that does not exist is passed over.
    ///
    /// - Returns: How many were deleted.
    /// - Throws: ``QStashError`` with code `list_empty` for no ids, `identifier_empty` for an empty one; nothing was deleted then.
    @discardableResult
    public func delete(_ ids: [DeadLetterID]) async throws -> Int {
        var query = FilterQuery()
        try query.add("dlqIds", ids, option: "ids")
        return try await delete(query, repetition: .harmless).count
    }

    /// Deletes entries that a filter matches.
    ///
    /// - Parameters:
    ///   - countMax: How many are deleted at most; nil for the server's bound.
    ///   - cursor: Where to go on: the ``BulkResult/next`` of the call before, with the same filter.
    /// - Returns: How many were deleted, and where to go on when more match.
    /// - Throws: ``QStashError`` with code `filter_empty` for a filter without conditions.
    @discardableResult
    public func delete(
        matching filter: DeadLetterFilter,
        countMax: Int? = nil,
        after cursor: Cursor? = nil
    ) async throws -> BulkResult {
        var query = FilterQuery()
        try query.addCount(countMax, option: "countMax")
        try query.addCursor(cursor)
        try filter.writeForChange(to: &query, all: "deleteAll()")
        // A bounded delete that is made twice may exceed its bound.
        return try await delete(query, repetition: countMax == nil ? .harmless : .never)
    }

    /// Deletes every entry, in steps of 100 until nothing is left, 1,000 of them at most.
    ///
    /// When it throws, what the steps before it deleted stays deleted; calling again goes on.
    ///
    /// - Returns: How many were deleted, not counting those whose answer was lost; with ``BulkResult/next`` after the last step allowed.
    /// - Throws: ``QStashError``.
    @discardableResult
    public func deleteAll() async throws -> BulkResult {
        var result = BulkResult(count: 0)
        var loop = CursorLoop()
        for _ in 0..<Self.stepsMax {
            var query = FilterQuery()
            try query.addCount(Self.stepCount, option: "count")
            try query.addCursor(result.next)
            let step = try await delete(query, repetition: .harmless)
            result.count += step.count
            result.next = step.next
            guard let next = step.next else { break }
            try loop.pass(next)
        }
        return result
    }

    private func delete(_ query: FilterQuery, repetition: APICall.Repetition) async throws -> BulkResult {
        let call = APICall(.delete, "/v2/dlq", query: query.parameters, repetition: repetition)
        let answer = try await client.perform(call, as: DeleteAnswer.self)
        return BulkResult(count: answer.deleted, next: answer.cursor)
    }
}

private struct DeleteAnswer: Decodable {
    var deleted: Int
    var cursor: Cursor?

    init(from decoder: any Decoder) throws {
        let fields = try AnswerFields(from: decoder)
        deleted = try fields.requiredCount("deleted")
        cursor = try fields.identifier("cursor")
    }
}
