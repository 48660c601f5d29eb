#if Postgres
/// The named statements of one connection: which text has which name, and which has to go for a new one.
struct PreparedStatements {
    /// What a named statement is: the server settles the types when it is told, so that other types make another statement.
    struct Key: Hashable {
        let text: String
        /// The types of the parameters as they are sent; 0 leaves one to the server.
        let types: [UInt32]

        /// The same for the same statement everywhere, so that a name never stands for another one, on whatever session it meets.
        fileprivate var fingerprint: UInt64 {
            // FNV-1a.
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            for byte in text.utf8 { add(byte) }
            for type in types { withUnsafeBytes(of: type.littleEndian) { $0.forEach(add) } }
            return hash
        }
    }

    private struct Entry {
        let name: String
        var lastUse: UInt64
    }

    /// What DEALLOCATE takes for all names.
    private static let everything = "ALL"

    private var entries: [Key: Entry] = [:]
    private var uses: UInt64 = 0
    private var names: UInt64 = 0
    private let countMax: Int

    /// Names that the server still keeps and nobody uses.
    private(set) var discarded: [String] = []

    init(countMax: Int) { self.countMax = countMax }

    var count: Int { entries.count }

    /// The name of a statement that the server knows; nil when it must be told.
    mutating func name(of key: Key) -> String? {
        guard let index = entries.index(forKey: key) else { return nil }
        uses += 1
        entries.values[index].lastUse = uses
        return entries.values[index].name
    }

    /// A new name for a statement; discards the one unused for longest when there are too many.
    mutating func add(_ key: Key) -> String {
        if entries.count >= countMax, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key {
            forget(oldest)
        }
        uses += 1
        names += 1
        let name = "postrider_\(names)_\(String(key.fingerprint, radix: 16))"
        entries[key] = Entry(name: name, lastUse: uses)
        return name
    }

    /// Makes the server be told anew, because its plan is out of date.
    mutating func forget(_ key: Key) {
        if let entry = entries.removeValue(forKey: key) { discarded.append(entry.name) }
    }

    /// Forgets a statement that the server never learned.
    mutating func withdraw(_ key: Key) { entries[key] = nil }

    /// Begins anew, because the server has lost a name, and with it perhaps all others.
    mutating func reset() {
        entries = [:]
        // One by one, each that is gone would be an error; all at once never is.
        discarded = [Self.everything]
    }

    /// Notes that the server still keeps a name after all.
    mutating func discard(_ name: String) { discarded.append(name) }

    /// The names to deallocate now.
    mutating func takeDiscarded() -> [String] {
        defer { discarded = [] }
        return discarded
    }
}
#endif
