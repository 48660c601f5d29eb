import HTTPTypes

/// The messages that were given up (wire reference, section 14).
public struct DeadLetterQueue: Sendable {
    let client: QStashClient

    /// One page of the queue.
    ///
    /// - Parameters:
    ///   - filter: What is listed; everything without conditions.
    ///   - countMax: How many entries a page has at most; nil for the server's default. Servers have a bound of their own, usually 100.
    ///   - cursor: Where to go on, with the same filter and order; nil for the beginning.
    /// - Throws: ``QStashError``.
    public func page(
        matching filter: DeadLetterFilter = DeadLetterFilter(),
        order: ListOrder = .earliestFirst,
        countMax: Int? = nil,
        after cursor: Cursor? = nil
    ) async throws -> Page<DeadLetter> {
        var query = FilterQuery()
        try query.addCursor(cursor)
        try query.addCount(countMax, option: "countMax")
        query.addOrder(order, default: .earliestFirst)
        try filter.write(to: &query)
        let call = APICall(.get, "/v2/dlq", query: query.parameters)
        return try await client.perform(call, as: DeadLetterPage.self).page
    }

    /// All entries, page by page as they are asked for.
    ///
    /// - Parameter pageSize: How many entries a page has at most; nil for the server's default.
    public func all(
        matching filter: DeadLetterFilter = DeadLetterFilter(),
        order: ListOrder = .earliestFirst,
        pageSize: Int? = nil
    ) -> Pages<DeadLetter> {
        Pages { try await page(matching: filter, order: order, countMax: pageSize, after: $0) }
    }

    /// The entry with that id.
    ///
    /// - Throws: ``QStashError`` with code `not_found` when there is none, or none any more.
    public func get(_ id: DeadLetterID) async throws -> DeadLetter {
        let call = APICall(.get, "/v2/dlq/\(try id.pathSegment())")
        return try await client.perform(call, as: DeadLetterAnswer.self).letter(asked: id)
    }
}

private struct DeadLetterPage: Decodable {
    var page: Page<DeadLetter>

    init(from decoder: any Decoder) throws {
        page = try Page(from: decoder, elements: "messages")
    }
}
