import PostriderCore
import QStashWire

/// Waiting entries and lanes for the scheduler's tests, on a clock that begins at zero.
enum WaitingSample {
    /// A moment some milliseconds after the beginning.
    static func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    static func key(_ number: Int64) -> MessageKey { MessageKey(rawValue: number) }

    static func lane(_ name: String = "https://one.test:443") -> Lane {
        Lane(kind: .destination, account: .standard, name: name)
    }

    static func entry(
        _ number: Int64,
        due: Int64 = 0,
        retried: Int = 0,
        lane name: String = "https://one.test:443"
    ) -> PendingEntry {
        PendingEntry(key: key(number), due: at(due), retried: retried, lane: lane(name))
    }

    /// A message with a body of this many bytes.
    static func message(_ number: Int64, byteCount: Int) throws -> Message {
        Message(
            key: key(number),
            account: .standard,
            destination: try DestinationURL(parsing: "https://one.test/"),
            createdAt: at(0),
            notBefore: at(0),
            settings: MessageSettings(),
            body: .bytes(Array(repeating: 0, count: byteCount))
        )
    }
}

/// What a store would answer the scheduler: entries by key, read in order.
struct WaitingEntries {
    private(set) var entries: [MessageKey: PendingEntry] = [:]

    var count: Int { entries.count }

    subscript(key: MessageKey) -> PendingEntry? {
        get { entries[key] }
        set { entries[key] = newValue }
    }

    mutating func insert(_ entry: PendingEntry) { entries[entry.key] = entry }

    func page(_ load: HorizonLoad) -> [PendingEntry] {
        let above = entries.values.filter { entry in load.after.map { entry.position > $0 } ?? true }
        return Array(above.sorted { $0.position < $1.position }.prefix(load.limit))
    }

    func page(_ load: LaneLoad) -> [PendingEntry] {
        let wanted = entries.values.filter { $0.lane == load.lane && $0.position >= load.from }
        return Array(wanted.sorted { $0.position < $1.position }.prefix(load.limit))
    }
}
