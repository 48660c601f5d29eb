import PostriderCore
import QStashWire

/// What the numbers in rows stand for. A number never changes its meaning once it is committed, so it may be remembered.
extension Reader {
    private static let findAccountID = SQLText("SELECT id FROM account WHERE name = ?")
    private static let findAccount = SQLText("SELECT name FROM account WHERE id = ?")
    private static let findDestination = SQLText("SELECT url FROM destination WHERE id = ?")
    private static let findLane = SQLText("SELECT kind, account, name FROM lane WHERE id = ?")
    private static let findLaneID = SQLText("SELECT id FROM lane WHERE account = ? AND kind = ? AND name = ?")

    /// The account's number; nil when nothing was ever stored for it.
    func id(of account: Account) throws -> Int64? {
        let name = ExactText(account.name)
        if let id = accountIDs[name] { return id }
        let statement = try session.statement(Self.findAccountID)
        try statement.bind(account.name, at: 1)
        guard try statement.step() else { return nil }
        defer { statement.reset() }
        accountIDs.remember(statement.integer(0), for: name)
        return statement.integer(0)
    }

    /// The lane's number; nil when nothing ever waited in it.
    func id(of lane: Lane) throws -> Int64? {
        guard let account = try id(of: lane.account) else { return nil }
        let statement = try session.statement(Self.findLaneID)
        try statement.bind(account, at: 1)
        try statement.bind(Int64(lane.kind.rawValue), at: 2)
        try statement.bind(lane.name, at: 3)
        guard try statement.step() else { return nil }
        defer { statement.reset() }
        return statement.integer(0)
    }

    func account(_ id: Int64) throws -> Account {
        if let account = accounts[id] { return account }
        let account = try read(Self.findAccount, id) { Account(name: $0.text(0)) }
        accounts.remember(account, for: id)
        return account
    }

    func destination(_ id: Int64) throws -> DestinationURL {
        if let destination = destinations[id] { return destination }
        let text = try read(Self.findDestination, id) { $0.text(0) }
        do {
            let destination = try DestinationURL(parsing: text)
            destinations.remember(destination, for: id)
            return destination
        } catch {
            throw StoreError(.unreadable, detail: "the url of destination \(id) is none")
        }
    }

    func lane(_ id: Int64) throws -> Lane {
        if let lane = lanes[id] { return lane }
        let (kindValue, accountID, name) = try read(Self.findLane, id) { ($0.integer(0), $0.integer(1), $0.text(2)) }
        guard let kind = UInt8(exactly: kindValue).flatMap(Lane.Kind.init) else {
            throw StoreError(.unreadable, detail: "lane \(id) is of kind \(kindValue)")
        }
        let lane = Lane(kind: kind, account: try account(accountID), name: name)
        lanes.remember(lane, for: id)
        return lane
    }

    private func read<Value>(_ sql: SQLText, _ id: Int64, _ make: (PreparedStatement) -> Value) throws -> Value {
        let statement = try session.statement(sql)
        try statement.bind(id, at: 1)
        guard try statement.step() else {
            throw StoreError(.unreadable, detail: "nothing has the number \(id) that a row names: \(sql.text)")
        }
        defer { statement.reset() }
        return make(statement)
    }
}
