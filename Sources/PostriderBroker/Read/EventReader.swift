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
        var page = PageBuilder(filter: filter, from: from, count: count, bytesMax: Self.pageBytesMax)
        // Attempts under way are in no row yet: they are woven in where they will stand.
        page.setAside(open.events(filter))
        var position = from
        var rowsRead = 0
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
                for event in filter.isLatestFirst ? derived.reversed() : derived where filter.admits(event) {
                    if let next = page.add(event) { return Page(events: page.events, next: next) }
                }
            }
            rowsRead += rows.count
            guard rows.count == limit, let last = rows.last else {
                let next = page.addRest()
                return Page(events: page.events, next: next)
            }
            position = beyond(last.key, isLatestFirst: filter.isLatestFirst)
        }
        return Page(events: page.events, next: position)
    }

    /// The position right behind all entries of a row.
    private func beyond(_ row: MessageKey, isLatestFirst: Bool) -> EventPosition {
        isLatestFirst
            ? EventPosition(row: MessageKey(rawValue: row.rawValue - 1), index: EventPosition.indexMax)
            : EventPosition(row: MessageKey(rawValue: row.rawValue + 1), index: 0)
    }
}

/// Puts a page together in order, until it is full.
private struct PageBuilder {
    private let filter: EventFilter
    private let from: EventPosition?
    private let count: Int
    private let bytesMax: Int
    private var aside: [Event] = []
    private var bytes = 0
    private(set) var events: [Event] = []

    init(filter: EventFilter, from: EventPosition?, count: Int, bytesMax: Int) {
        self.filter = filter
        self.from = from
        self.count = count
        self.bytesMax = bytesMax
    }

    /// Keeps entries, in order, to be added where they belong among the others.
    mutating func setAside(_ events: [Event]) {
        aside = events.filter(isWithinPage).reversed()
    }

    /// Adds an entry, and before it those set aside that come earlier in the order.
    ///
    /// - Returns: Where the next page begins, when this one is full; nil otherwise.
    mutating func add(_ event: Event) -> EventPosition? {
        guard isWithinPage(event) else { return nil }
        while let next = aside.last, precedes(next.position, event.position) {
            if let full = append(next) { return full }
            aside.removeLast()
        }
        return append(event)
    }

    /// Adds what is still set aside.
    ///
    /// - Returns: Where the next page begins, when this one is full; nil otherwise.
    mutating func addRest() -> EventPosition? {
        while let next = aside.last {
            if let full = append(next) { return full }
            aside.removeLast()
        }
        return nil
    }

    private mutating func append(_ event: Event) -> EventPosition? {
        guard events.count < count, bytes < bytesMax else { return event.position }
        events.append(event)
        bytes += event.message.bodyByteCount + (event.attempt?.responseBody.count ?? 0)
        return nil
    }

    private func isWithinPage(_ event: Event) -> Bool {
        guard let from else { return true }
        return !precedes(event.position, from)
    }

    private func precedes(_ left: EventPosition, _ right: EventPosition) -> Bool {
        filter.isLatestFirst ? left > right : left < right
    }
}
