import HTTPTypes

/// The messages that the server keeps (wire reference, section 11).
///
/// A message is removed some time after its end; the log has the rest of its story.
public struct Messages: Sendable {
    let client: QStashClient

    /// The message with that id.
    ///
    /// - Throws: ``QStashError`` with code `not_found` when there is none, or none any more.
    public func get(_ id: MessageID) async throws -> StoredMessage {
        try await client.perform(APICall(.get, "/v2/messages/\(try id.pathSegment())"), as: StoredMessage.self)
    }

    /// Cancels one message: what waits is removed, what is being delivered is not delivered again.
    ///
    /// - Returns: How many were cancelled: 1.
    /// - Throws: ``QStashError`` with code `not_found` when there is no such message, or it is done; also when the answer to a first attempt
    ///   was lost, and the repetition finds it cancelled.
    @discardableResult
    public func cancel(_ id: MessageID) async throws -> Int {
        let response = try await client.perform(APICall(.delete, "/v2/messages/\(try id.pathSegment())"))
        // Older servers answer with the text OK, or with nothing.
        guard response.body.first == UInt8(ascii: "{") else { return 1 }
        return try QStashClient.decode(CancelAnswer.self, from: response).cancelled
    }

    /// Cancels the messages with those ids; one that does not exist, or is done, is passed over.
    ///
    /// - Returns: How many were cancelled.
    /// - Throws: ``QStashError`` with code `list_empty` for no ids, `identifier_empty` for an empty one; nothing was cancelled then.
    @discardableResult
    public func cancel(_ ids: [MessageID]) async throws -> Int {
        var query = FilterQuery()
        try query.add("messageIds", ids, option: "ids")
        return try await cancel(query)
    }

    /// Cancels the messages that a filter matches.
    ///
    /// - Parameter countMax: How many are cancelled at most; nil for no bound of this call's. A server may ignore it, or have a bound of its
    ///   own: call again until nothing is cancelled.
    /// - Returns: How many were cancelled.
    /// - Throws: ``QStashError`` with code `filter_empty` for a filter without conditions; with `overloaded` while the server is still
    ///   at it after a minute, and calling again goes on.
    @discardableResult
    public func cancel(matching filter: MessageFilter, countMax: Int? = nil) async throws -> Int {
        var query = FilterQuery()
        try query.addCount(countMax, option: "countMax")
        try filter.write(to: &query)
        // A bounded cancel that is made twice may exceed its bound.
        return try await cancel(query, repetition: countMax == nil ? .harmless : .never)
    }

    /// Cancels every message of the account.
    ///
    /// - Returns: How many were cancelled.
    /// - Throws: ``QStashError`` with code `overloaded` while the server is still at it after a minute, and calling again goes on.
    @discardableResult
    public func cancelAll() async throws -> Int {
        try await cancel(FilterQuery())
    }

    private func cancel(_ query: FilterQuery, repetition: APICall.Repetition = .harmless) async throws -> Int {
        let call = APICall(.delete, "/v2/messages", query: query.parameters, repetition: repetition)
        return try await client.perform(call, as: CancelAnswer.self).cancelled
    }
}

private struct CancelAnswer: Decodable {
    var cancelled: Int

    init(from decoder: any Decoder) throws {
        cancelled = try AnswerFields(from: decoder).requiredCount("cancelled")
    }
}
