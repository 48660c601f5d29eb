import QStash

/// Reads what is new in the log, each entry once.
///
/// The log is read from its latest entry down to where nothing new can be: entries become visible out of order, because a server may
/// give them their place before it has stored them, and shows an attempt under way where it began, and with its result once that
/// is there. So times and cursors do not tell what is new; a bounded memory of what was met does.
struct EventTail: Sendable {
    /// Entries of the first page: most polls find little.
    static let firstPageSize = 100
    /// Entries of the pages behind it.
    static let pageSize = 1_000
    /// Pages of one reading, by which a server that leads in a circle is told.
    private static let pagesMax = 100_000

    /// Reads a page, the latest entries first.
    typealias Reader = @Sendable (_ countMax: Int, _ after: Cursor?) async throws -> Page<Event>

    private let heldMax: Int
    private var memory: EventMemory

    /// - Parameter heldMax: How many new entries are held at once, to a page: if there are more, the lowest are shown first, and the log is
    ///   read again.
    init(heldMax: Int = 4_000, memory: EventMemory = EventMemory()) {
        self.heldMax = heldMax
        self.memory = memory
    }

    /// How much is remembered, in entries.
    var memoryCount: Int { memory.count }

    /// The latest entries, oldest first; what is there now is old from here on.
    mutating func begin(count: Int, read: Reader) async throws -> [EventRecord] {
        var latest: [EventRecord] = []
        var depth = 0
        var cursor: Cursor?
        for _ in 0..<Self.pagesMax {
            let page = try await read(Self.pageSize, cursor)
            var isDeepEnough = false
            for sighting in EventSighting.all(on: page.elements) {
                _ = memory.remember(sighting)
                depth += 1
                if latest.count < count { latest.append(sighting.record) }
                isDeepEnough = isDeepEnough || memory.isSettled(sighting)
            }
            isDeepEnough = isDeepEnough || depth >= memory.knownRunMax
            guard let next = page.next, depth < count || !isDeepEnough else { return latest.reversed() }
            cursor = next
        }
        throw Self.circle
    }

    /// Shows what has become visible since the last time, oldest first.
    ///
    /// - Parameter waited: How long that was ago.
    /// - Throws: What a page throws; what was not shown before that is shown the next time.
    mutating func poll(
        after waited: Duration,
        read: Reader,
        show: ([EventRecord]) throws -> Void
    ) async throws {
        memory.wait(waited)
        var isWhole = false
        while !isWhole {
            var found: [EventSighting]
            (found, isWhole) = try await unknown(read)
            var records: [EventRecord] = []
            for sighting in found.reversed() where memory.remember(sighting) { records.append(sighting.record) }
            if !records.isEmpty { try show(records) }
        }
        memory.endReading()
    }

    /// The entries that were not met before, latest first, and whether they are all of them: otherwise they are the lowest.
    private mutating func unknown(_ read: Reader) async throws -> (found: [EventSighting], isWhole: Bool) {
        var pages: [[EventSighting]] = []
        var held = 0
        var isWhole = true
        var run = 0
        var cursor: Cursor?
        for index in 0..<Self.pagesMax {
            let page = try await read(index == 0 ? Self.firstPageSize : Self.pageSize, cursor)
            var found: [EventSighting] = []
            var isAtEnd = page.next == nil
            for sighting in EventSighting.all(on: page.elements) {
                guard memory.knows(sighting) else {
                    found.append(sighting)
                    run = 0
                    continue
                }
                run += 1
                if run >= memory.knownRunMax || memory.isSettled(sighting) {
                    isAtEnd = true
                    break
                }
            }
            pages.append(found)
            held += found.count
            while held > heldMax, pages.count > 1 {
                held -= pages.removeFirst().count
                isWhole = false
            }
            guard !isAtEnd, let next = page.next else { return (pages.flatMap { $0 }, isWhole) }
            cursor = next
        }
        throw Self.circle
    }

    private static var circle: QStashError {
        QStashError(.answerInvalid, "the server's log has no end: its cursors may lead in a circle")
    }
}
