#if Postgres
/// The named statements of one connection: which text has which name, and which has to go for a new one.
struct PreparedStatements {
    private struct Entry {
        let name: String
        var lastUse: UInt64
    }

    private var entries: [String: Entry] = [:]
    private var uses: UInt64 = 0
    private var names: UInt64 = 0
    private let countMax: Int

    /// Names that the server still keeps and nobody uses.
    private(set) var discarded: [String] = []

    init(countMax: Int) { self.countMax = countMax }

    var count: Int { entries.count }

    /// The name of a text that the server knows; nil when it must be told.
    mutating func name(of text: String) -> String? {
        guard entries[text] != nil else { return nil }
        uses += 1
        entries[text]?.lastUse = uses
        return entries[text]?.name
    }

    /// A new name for a text; discards the one unused for longest when there are too many.
    mutating func add(_ text: String) -> String {
        if entries.count >= countMax, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key {
            forget(oldest)
        }
        uses += 1
        names += 1
        let name = "postrider_\(names)"
        entries[text] = Entry(name: name, lastUse: uses)
        return name
    }

    /// Makes the server be told anew, because it refused or its plan is out of date.
    mutating func forget(_ text: String) {
        if let entry = entries.removeValue(forKey: text) { discarded.append(entry.name) }
    }

    /// Forgets a text that the server never learned.
    mutating func withdraw(_ text: String) { entries[text] = nil }

    /// Notes that the server still keeps a name after all.
    mutating func discard(_ name: String) { discarded.append(name) }

    /// The names to deallocate now.
    mutating func takeDiscarded() -> [String] {
        defer { discarded = [] }
        return discarded
    }
}
#endif
