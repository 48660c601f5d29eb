package import PostriderCore

/// Reads the event log a page at a time.
package struct EventReader: Sendable {
    private let store: any MessageStore
    private let open: OpenAttempts

    /// Rows one page may read before it ends short, with a cursor (decision 29).
    private static let rowsMax = 100_000
    private static let chunkMax = 100
    /// Bytes of bodies a page may carry before it ends short, with a cursor.
    private static let pageBytesMax = 8 * 1_048_576

    package init(store: any MessageStore, open: OpenAttempts) {
        self.store = store
        self.open = open
    }

    /// A page of entries, and where the next begins; nil at the end.
    package struct Page: Sendable {
        package var events: [Event]
        package var next: EventPosition?

        package init(events: [Event], next: EventPosition?) {
            self.events = events
            self.next = next
        }
    }

    /// Reads a page.
    ///
    /// - Parameters:
    ///   - from: The first entry's position; nil begins with the latest or the earliest.
    ///   - count: Entries wanted, at least 1.
    ///   - bodyBytesMax: Bodies above this are left out.
    package func page(
        _ filter: EventFilter,
        from: EventPosition?,
        count: Int,
        bodyBytesMax: Int
    ) async throws(StoreError) -> Page {
        var events: [Event] = []
        // Attempts under way are in no row yet: they stand before everything else on the first page.
        let wantsActive = filter.states?.contains(.active) ?? true
        if from == nil, filter.isLatestFirst, wantsActive { events = Array(open.events(filter).prefix(count)) }
        var position = from
        var rowsRead = 0
        var bytes = 0
        while rowsRead < Self.rowsMax {
            let limit = min(Self.chunkMax, max(16, count))
            let rows = try await store.log(
                LogQuery(
                    account: filter.account,
                    messages: filter.messages,
                    streams: filter.streams,
                    verdicts: filter.verdicts,
                    isLatestFirst: filter.isLatestFirst,
                    from: position?.row,
                    limit: limit,
                    bodyBytesMax: bodyBytesMax
                )
            )
            for row in rows {
                let derived = Event.derived(from: row)
                for event in filter.isLatestFirst ? derived.reversed() : derived {
                    if let position, filter.isLatestFirst ? event.position > position : event.position < position {
                        continue
                    }
                    guard filter.admits(event) else { continue }
                    guard events.count < count, bytes < Self.pageBytesMax else {
                        return Page(events: events, next: event.position)
                    }
                    events.append(event)
                    bytes += event.message.bodyByteCount + (event.attempt?.responseBody.count ?? 0)
                }
            }
            rowsRead += rows.count
            guard rows.count == limit, let last = rows.last else { return Page(events: events, next: nil) }
            position = beyond(last.key, isLatestFirst: filter.isLatestFirst)
        }
        return Page(events: events, next: position)
    }

    /// The position right behind all entries of a row.
    private func beyond(_ row: MessageKey, isLatestFirst: Bool) -> EventPosition {
        isLatestFirst
            ? EventPosition(row: MessageKey(rawValue: row.rawValue - 1), index: EventPosition.indexMax)
            : EventPosition(row: MessageKey(rawValue: row.rawValue + 1), index: 0)
    }
}
