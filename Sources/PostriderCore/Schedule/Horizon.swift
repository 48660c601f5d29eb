import HeapModule

/// The waiting entries in memory whose time has not come: the earliest of the store's, never more than a bound.
///
/// Everything at or below the frontier is known to the scheduler; what lies above it is only in the store and is read when
/// the horizon runs low. A million messages due next week cost the entries up to the bound and nothing more.
struct Horizon {
    /// One waiting entry in 24 bytes.
    struct Entry: Comparable {
        let due: Int64
        let key: Int64
        let lane: Int32
        let retried: Int32

        static func < (left: Entry, right: Entry) -> Bool {
            left.due == right.due ? left.key < right.key : left.due < right.due
        }

        var position: PendingPosition {
            PendingPosition(due: Timestamp(milliseconds: due), key: MessageKey(rawValue: key))
        }
    }

    /// How far memory reaches.
    private enum Frontier: Equatable {
        /// Nothing was read yet.
        case start
        /// All up to here is in memory.
        case at(PendingPosition)
        /// All there is is in memory.
        case end
    }

    private var heap = Heap<Entry>()
    private var frontier = Frontier.start
    private var isLoading = false
    /// Entries beyond the frontier that came while a read was under way, which may have missed them.
    private var passedWhileLoading: [Entry] = []
    private var isPassedComplete = true
    /// True when the read under way began before a restart: what it brings is not trusted.
    private var isReadStale = false
    private let capacity: Int
    private let loadMax: Int

    init(capacity: Int, loadMax: Int) {
        self.capacity = max(2, capacity)
        self.loadMax = max(1, loadMax)
    }

    /// The earliest due time in memory.
    var nextDue: Timestamp? { heap.min.map { Timestamp(milliseconds: $0.due) } }

    /// Entries in memory.
    var count: Int { heap.count }

    /// Takes in an entry, or leaves it to the store when it lies beyond the frontier.
    ///
    /// - Returns: The lanes of entries that are no longer held: this one's, or those it pushed out.
    mutating func insert(_ entry: Entry) -> [Int32] {
        guard reaches(entry.position) else { return isLoading && pass(entry) ? [] : [entry.lane] }
        heap.insert(entry)
        return trim()
    }

    /// The earliest entry, removed, when its time has come.
    mutating func popDue(now: Timestamp) -> Entry? {
        guard let first = heap.min, first.due <= now.milliseconds else { return nil }
        return heap.popMin()
    }

    /// The read that is needed now, or nil; at most one is under way.
    mutating func beginLoad() -> HorizonLoad? {
        guard !isLoading, frontier != .end, heap.count <= capacity / 2 else { return nil }
        isLoading = true
        let after: PendingPosition? = if case .at(let position) = frontier { position } else { nil }
        return HorizonLoad(after: after, limit: max(1, min(loadMax, capacity - heap.count)))
    }

    /// Takes in what a read brought.
    ///
    /// - Parameters:
    ///   - page: The entries read that are not under way already; nil when the read failed, which leaves everything as it was.
    ///   - reached: The position of the last entry read; nil when there was none.
    ///   - isLast: True when the read found fewer than it might have.
    /// - Returns: The lanes of entries that are not held after all.
    mutating func endLoad(_ page: [Entry]?, reached: PendingPosition?, isLast: Bool) -> [Int32] {
        isLoading = false
        let passed = passedWhileLoading
        let isComplete = isPassedComplete
        passedWhileLoading = []
        isPassedComplete = true
        guard let page, !isReadStale else {
            isReadStale = false
            return (page ?? []).map(\.lane) + passed.map(\.lane)
        }
        for entry in page { heap.insert(entry) }
        if isLast, isComplete {
            frontier = .end
        } else if let reached {
            frontier = .at(reached)
        }
        let read = Set(page.map(\.key))
        var dropped = trim()
        for entry in passed { dropped += read.contains(entry.key) ? [entry.lane] : insert(entry) }
        return dropped
    }

    /// Forgets everything and begins again with the earliest entry of the store.
    ///
    /// - Returns: The lanes of the entries that were held.
    mutating func restart() -> [Int32] {
        let dropped = heap.unordered.map(\.lane) + passedWhileLoading.map(\.lane)
        heap = Heap()
        frontier = .start
        passedWhileLoading = []
        isPassedComplete = true
        isReadStale = isLoading
        return dropped
    }

    /// Lets the latest entries go until the bound holds; the store has them.
    private mutating func trim() -> [Int32] {
        var dropped: [Int32] = []
        while heap.count > capacity, let last = heap.popMax() {
            dropped.append(last.lane)
            // The read under way begins above what now lies beyond the frontier: it would leave a gap.
            isReadStale = isLoading
            if let max = heap.max { frontier = .at(max.position) }
        }
        return dropped
    }

    private func reaches(_ position: PendingPosition) -> Bool {
        switch frontier {
        case .start: false
        case .at(let last): position <= last
        case .end: true
        }
    }

    /// - Returns: False when there is no room to remember it; the store is then read once more.
    private mutating func pass(_ entry: Entry) -> Bool {
        guard passedWhileLoading.count < loadMax else {
            isPassedComplete = false
            return false
        }
        passedWhileLoading.append(entry)
        return true
    }
}
