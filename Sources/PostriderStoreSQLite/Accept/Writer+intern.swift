import PostriderCore
import QStashWire

/// Texts that many rows share are stored once and stand in the rows as numbers.
extension Writer {
    private static let findAccount = SQLText("SELECT id FROM account WHERE name = ?")
    private static let addAccount = SQLText("INSERT INTO account (name) VALUES (?)")
    private static let findDestination = SQLText("SELECT id FROM destination WHERE account = ? AND url = ?")
    private static let addDestination = SQLText(
        "INSERT INTO destination (account, url, host, path, origin) VALUES (?, ?, ?, ?, ?)"
    )
    private static let findLane = SQLText("SELECT id FROM lane WHERE account = ? AND kind = ? AND name = ?")
    private static let addLane = SQLText("INSERT INTO lane (account, kind, name, partition) VALUES (?, ?, ?, ?)")

    /// The account's number; nil when nothing was ever stored for it.
    func existingID(of account: Account) throws -> Int64? {
        let name = ExactText(account.name)
        if let id = accounts[name] { return id }
        let statement = try session.statement(Self.findAccount)
        try statement.bind(account.name, at: 1)
        let id = try firstInteger(statement)
        if let id { accounts.remember(id, for: name) }
        return id
    }

    /// The account's number, given out now if it has none.
    func id(of account: Account) throws -> Int64 {
        if let id = try existingID(of: account) { return id }
        let statement = try session.statement(Self.addAccount)
        try statement.bind(account.name, at: 1)
        try statement.run()
        accounts.remember(session.lastRowID, for: ExactText(account.name))
        return session.lastRowID
    }

    /// The destination's number, given out now if it has none.
    func id(of destination: DestinationURL, account: Int64) throws -> Int64 {
        let name = DestinationName(account: account, url: ExactText(destination.text))
        if let id = destinations[name] { return id }
        let find = try session.statement(Self.findDestination)
        try find.bind(account, at: 1)
        try find.bind(destination.text, at: 2)
        if let id = try firstInteger(find) {
            destinations.remember(id, for: name)
            return id
        }
        let add = try session.statement(Self.addDestination)
        try add.bind(account, at: 1)
        try add.bind(destination.text, at: 2)
        try add.bind(destination.host, at: 3)
        try add.bind(destination.path, at: 4)
        try add.bind(destination.origin, at: 5)
        try add.run()
        destinations.remember(session.lastRowID, for: name)
        return session.lastRowID
    }

    /// The lane's number, given out now if it has none.
    func id(of lane: Lane, account: Int64) throws -> Int64 {
        let name = LaneName(account: account, kind: lane.kind, name: ExactText(lane.name))
        if let id = lanes[name] { return id }
        let find = try session.statement(Self.findLane)
        try find.bind(account, at: 1)
        try find.bind(Int64(lane.kind.rawValue), at: 2)
        try find.bind(lane.name, at: 3)
        if let id = try firstInteger(find) {
            lanes.remember(id, for: name)
            return id
        }
        let add = try session.statement(Self.addLane)
        try add.bind(account, at: 1)
        try add.bind(Int64(lane.kind.rawValue), at: 2)
        try add.bind(lane.name, at: 3)
        try add.bind(Int64(lane.partition.rawValue), at: 4)
        try add.run()
        lanes.remember(session.lastRowID, for: name)
        return session.lastRowID
    }

    private func firstInteger(_ statement: PreparedStatement) throws -> Int64? {
        guard try statement.step() else { return nil }
        defer { statement.reset() }
        return statement.integer(0)
    }
}
