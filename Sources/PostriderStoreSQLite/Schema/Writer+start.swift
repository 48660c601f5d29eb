import PostriderCore

extension Writer {
    /// What the store learns of itself when it is opened.
    struct Start {
        let storeID: StoreID
        let highestKey: MessageKey?
        let wasStoppedUncleanly: Bool
    }

    private static let findMeta = SQLText("SELECT value FROM meta WHERE name = ?")
    private static let putMeta = SQLText("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)")
    private static let storeName = "store_id"
    private static let openName = "is_open"

    /// Notes that the store is open, until ``stop()``; gives a new store its number.
    func start(_ random: any RandomSource) throws -> Start {
        let stored = try meta(Self.storeName)
        let id = stored ?? Int64(bitPattern: random.next())
        if stored == nil { try setMeta(Self.storeName, id) }
        let wasOpen = try meta(Self.openName) == 1
        try setMeta(Self.openName, 1)
        let highest = try ["message", "attempt", "cancellation"].compactMap { table in
            try session.integer("SELECT max(key) FROM \(table)")
        }
        return Start(
            storeID: StoreID(rawValue: UInt64(bitPattern: id)),
            highestKey: highest.max().map { MessageKey(rawValue: $0) },
            wasStoppedUncleanly: wasOpen
        )
    }

    /// Notes that the store was closed in order.
    func stop() throws {
        try setMeta(Self.openName, 0)
    }

    private func meta(_ name: String) throws -> Int64? {
        let statement = try session.statement(Self.findMeta)
        try statement.bind(name, at: 1)
        guard try statement.step() else { return nil }
        defer { statement.reset() }
        return statement.integer(0)
    }

    private func setMeta(_ name: String, _ value: Int64) throws {
        let statement = try session.statement(Self.putMeta)
        try statement.bind(name, at: 1)
        try statement.bind(value, at: 2)
        try statement.run()
    }
}
