/// Which entries of the log were met before, as far back as the log is read again; bounded.
struct EventMemory: Sendable {
    /// What has been there for so long has nothing new below it: entries become visible in order, but for what is being written.
    static let settledAfter = Duration.seconds(60)

    /// How many known entries, without a new one among them, have nothing new below them.
    let knownRunMax: Int

    private struct Known: Sendable {
        var count: Int
        /// How long had been waited when it was met first.
        var since: Duration
    }

    private var known: Generations<EventSighting.Identity, Known>

    /// Beginnings of attempts whose result is not there yet: once it is, they stand before it, however long the attempt took.
    private var open: Generations<String, Int64>

    private var waited = Duration.zero

    /// How long had been waited when the log was read for the last time: what happens while a server cannot be reached is not seen.
    private var waitedAtReading = Duration.zero

    private var newest: Int64 = 0

    /// - Parameters:
    ///   - knownRunMax: How many known entries have nothing new below them: more than a server stores at once.
    ///   - knownMax: How many entries are remembered at least; several times as many as are read again.
    ///   - openMax: How many attempts under way are remembered at least.
    init(knownRunMax: Int = 2_000, knownMax: Int = 16_384, openMax: Int = 32_768) {
        precondition(
            knownMax >= knownRunMax,
            "\(knownMax) of \(knownRunMax) entries would be forgotten while they are needed"
        )
        self.knownRunMax = knownRunMax
        known = Generations(limit: knownMax)
        open = Generations(limit: openMax)
    }

    /// How much is remembered, in entries.
    var count: Int { known.count + open.count }

    /// Time goes by.
    mutating func wait(_ duration: Duration) {
        waited += duration
    }

    /// The log was read as far down as there can be something new.
    mutating func endReading() {
        waitedAtReading = waited
    }

    /// Whether the entry was met before.
    mutating func knows(_ sighting: EventSighting) -> Bool {
        if let known = known.use(sighting.identity), known.count >= sighting.occurrence { return true }
        guard sighting.isActive, open.use(sighting.record.messageId) == sighting.record.time else { return false }
        // It may have come back with the result, which ends its being open: from here on it is known like any other.
        known.set(sighting.identity, to: Known(count: 1, since: waited))
        return true
    }

    /// Whether nothing new can stand below the entry.
    mutating func isSettled(_ sighting: EventSighting) -> Bool {
        // An attempt under way stands where it began, and elsewhere once it has ended: it marks no place.
        guard !sighting.isActive, let known = known.use(sighting.identity) else { return false }
        return waitedAtReading - known.since >= Self.settledAfter
            || .milliseconds(newest - sighting.record.time) >= Self.settledAfter
    }

    /// Remembers the entry.
    ///
    /// - Returns: Whether it is new.
    mutating func remember(_ sighting: EventSighting) -> Bool {
        let isNew = !knows(sighting)
        let before = known.use(sighting.identity)
        if (before?.count ?? 0) < sighting.occurrence {
            known.set(sighting.identity, to: Known(count: sighting.occurrence, since: before?.since ?? waited))
        }
        let record = sighting.record
        if sighting.isActive {
            if isNew { open.set(record.messageId, to: record.time) }
        } else {
            newest = max(newest, record.time)
            if let began = open.use(record.messageId), began <= record.time, Self.ends(record.state) {
                open.remove(record.messageId)
            }
        }
        return isNew
    }

    /// Whether an entry of that state is the result of an attempt.
    private static func ends(_ state: String) -> Bool {
        state == "DELIVERED" || state == "ERROR" || state == "FAILED" || state == "CANCELED"
    }
}
