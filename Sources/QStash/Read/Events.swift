import HTTPTypes

/// The log of what happened to messages (wire reference, section 13).
///
/// Entries may appear a little later than what they tell of, and are removed after the server's time of retention.
public struct Events: Sendable {
    let client: QStashClient

    /// One page of the log.
    ///
    /// - Parameters:
    ///   - filter: What is listed; everything without conditions.
    ///   - countMax: How many entries a page has at most; nil for the server's default. Servers have a bound of their own, 1000 at most.
    ///   - cursor: Where to go on, with the same filter and order; nil for the beginning.
    /// - Throws: ``QStashError``.
    public func page(
        matching filter: EventFilter = EventFilter(),
        order: ListOrder = .latestFirst,
        countMax: Int? = nil,
        after cursor: Cursor? = nil
    ) async throws -> Page<Event> {
        var query = FilterQuery()
        try query.addCursor(cursor)
        try query.addCount(countMax, option: "countMax")
        query.addOrder(order, default: .latestFirst)
        try filter.write(to: &query)
        let call = APICall(.get, "/v2/events", query: query.parameters)
        return try await client.perform(call, as: EventPage.self).page
    }

    /// All entries, page by page as they are asked for.
    ///
    /// - Parameter pageSize: How many entries a page has at most; nil for the server's default.
    public func all(
        matching filter: EventFilter = EventFilter(),
        order: ListOrder = .latestFirst,
        pageSize: Int? = nil
    ) -> Pages<Event> {
        Pages { try await page(matching: filter, order: order, countMax: pageSize, after: $0) }
    }
}

private struct EventPage: Decodable {
    var page: Page<Event>

    init(from decoder: any Decoder) throws {
        page = try Page(from: decoder, elements: "events")
    }
}
