import QStash

/// An entry of the log as it was met on a page.
struct EventSighting: Sendable {
    /// What tells one entry from another: the wire gives entries no id.
    struct Identity: Hashable, Sendable {
        let messageID: String
        let state: String
        let time: Int64
    }

    let record: EventRecord

    /// Which of the entries with this identity it is, counted on its page from the oldest, from 1.
    ///
    /// A message that is repeated at once can have two alike in one millisecond. Of `ACTIVE` there is one only: while an attempt
    /// ends, a server may show its beginning twice, as under way and as stored.
    let occurrence: Int

    var identity: Identity {
        Identity(messageID: record.messageId, state: record.state, time: record.time)
    }

    /// Whether it tells of an attempt that begins.
    var isActive: Bool { record.state == Event.State.active.rawValue }

    /// The entries of a page, in its order: the latest first.
    static func all(on page: [Event]) -> [EventSighting] {
        var counts: [Identity: Int] = [:]
        var sightings: [EventSighting] = []
        sightings.reserveCapacity(page.count)
        for event in page.reversed() {
            let first = EventSighting(record: EventRecord(event), occurrence: 1)
            let count = first.isActive ? 1 : counts[first.identity, default: 0] + 1
            counts[first.identity] = count
            sightings.append(count == 1 ? first : EventSighting(record: first.record, occurrence: count))
        }
        return sightings.reversed()
    }
}
