import FoundationEssentials
import PostriderCLI
import QStash
import Synchronization

/// A server's log as a follower meets it: entries get their places when they happen, and become visible when they are stored.
final class SimulatedLog: Sendable {
    struct Entry: Sendable {
        var place: Int
        var messageID: String
        var state: String
        var time: Int
        /// Shown while an attempt is under way, and gone once it is stored.
        var isOpen = false
    }

    private struct State {
        /// In order of their places.
        var entries: [Entry] = []
        /// The same as a client reads them, once read, by place.
        var decoded: [Int: Event] = [:]
        var nextPlace = 1
    }

    private let state = Mutex(State())

    /// Takes places for entries that become visible later.
    func places(_ count: Int) -> [Int] {
        state.withLock { state in
            defer { state.nextPlace += count }
            return Array(state.nextPlace..<state.nextPlace + count)
        }
    }

    /// Makes an entry visible in its place.
    func show(_ entry: Entry) {
        state.withLock { state in
            let index = state.entries.lastIndex { $0.place < entry.place }.map { $0 + 1 } ?? 0
            state.entries.insert(entry, at: index)
        }
    }

    /// Makes entries visible at the end.
    func append(_ messageID: String, _ states: [String], time: Int) {
        for name in states { show(Entry(place: places(1)[0], messageID: messageID, state: name, time: time)) }
    }

    /// Makes an open entry vanish.
    func removeOpen(place: Int) {
        state.withLock { state in state.entries.removeAll { $0.place == place && $0.isOpen } }
    }

    /// Loses everything, as a server with a new data folder has.
    func wipe() {
        state.withLock { $0.entries = [] }
    }

    /// A page as the client reads it: the latest first, the cursor being the place of the next entry.
    ///
    /// Each entry is decoded once: tests read the same ones over and over.
    func page(_ count: Int, after cursor: Cursor?) throws -> Page<Event> {
        let (entries, next) = page(from: cursor.flatMap { Int($0.rawValue) } ?? .max, count: count)
        let events = try entries.map { entry in
            if let event = state.withLock({ $0.decoded[entry.place] }) { return event }
            let event = try JSONDecoder().decode(Event.self, from: Data(Self.json(entry).utf8))
            state.withLock { $0.decoded[entry.place] = event }
            return event
        }
        return Page(elements: events, next: next.map { Cursor("\($0)") })
    }

    /// Answers `GET /v2/events`.
    func answer(_ request: QStashRequest) -> QStashResponse {
        let from = request.parameters("cursor").first.flatMap { Int($0) } ?? .max
        let count = request.parameters("count").first.flatMap { Int($0) } ?? 100
        let (entries, next) = page(from: from, count: count)
        let cursor = next.map { #""cursor":"\#($0)","# } ?? ""
        return .json(#"{\#(cursor)"events":[\#(entries.map { Self.json($0) }.joined(separator: ","))]}"#)
    }

    private func page(from place: Int, count: Int) -> (entries: [Entry], next: Int?) {
        state.withLock { state in
            // The first place above the cursor; the log is long in some tests.
            var low = 0
            var high = state.entries.count
            while low < high {
                let middle = (low + high) / 2
                if state.entries[middle].place <= place { low = middle + 1 } else { high = middle }
            }
            let entries = Array(state.entries[max(0, low - count)..<low].reversed())
            return (entries, low > count ? state.entries[low - count - 1].place : nil)
        }
    }

    private static func json(_ entry: Entry) -> String {
        #"{"time":\#(entry.time),"messageId":"\#(entry.messageID)","state":"\#(entry.state)","url":"https://a.test/"}"#
    }
}
