import PostriderCore

extension Reader {
    private static let findMessage = SQLText(
        "SELECT \(messageColumns) FROM message m WHERE m.key = ?1 AND m.account = ?2"
    )
    private static let findBoundedMessage = SQLText(
        "SELECT \(boundedMessageColumns) FROM message m WHERE m.key = ?2 AND m.account = ?3"
    )
    private static let findAttempt = SQLText(
        "SELECT \(boundedAttemptColumns) FROM attempt WHERE key = ?2 AND account = ?3"
    )

    /// A message of the account, with its whole body.
    func message(_ key: MessageKey, account: Int64) throws -> Message? {
        let row = try session.statement(Self.findMessage)
        try row.bind(key.rawValue, at: 1)
        try row.bind(account, at: 2)
        guard try row.step() else { return nil }
        defer { row.reset() }
        return try message(in: row)
    }

    /// A message of the account, without its body when that is above the bound.
    func message(_ key: MessageKey, account: Int64, bodyBytesMax: Int) throws -> Message? {
        let row = try session.statement(Self.findBoundedMessage)
        try row.bind(Int64(bodyBytesMax), at: 1)
        try row.bind(key.rawValue, at: 2)
        try row.bind(account, at: 3)
        guard try row.step() else { return nil }
        defer { row.reset() }
        return try message(in: row)
    }

    /// An attempt of the account, with an empty response body when that is above the bound.
    func attempt(_ key: MessageKey, account: Int64, bodyBytesMax: Int = .max) throws -> Attempt? {
        let row = try session.statement(Self.findAttempt)
        try row.bind(Int64(bodyBytesMax), at: 1)
        try row.bind(key.rawValue, at: 2)
        try row.bind(account, at: 3)
        guard try row.step() else { return nil }
        defer { row.reset() }
        return try attempt(in: row)
    }
}
