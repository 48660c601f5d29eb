/// A transaction while it runs: to be used within its closure only.
///
/// After a statement failed, every further one throws the same error and the transaction is rolled back, on either database,
/// unless the failure happened within ``savepoint(_:)``.
public struct SQLTransaction {
    let scope: SQLScope

    /// Which database runs it.
    public var dialect: SQLDialect { scope.session.dialect }

    /// Locks the rows of a SELECT until the end: ` FOR UPDATE` on PostgreSQL, nothing on SQLite, where nobody else writes.
    public var forUpdate: SQL {
        dialect == .postgres ? " FOR UPDATE" : ""
    }

    /// As ``forUpdate``, and passes by rows that others have locked.
    public var forUpdateSkippingLocked: SQL {
        dialect == .postgres ? " FOR UPDATE SKIP LOCKED" : ""
    }

    /// Runs one statement.
    ///
    /// - Returns: Rows inserted, changed or removed.
    /// - Throws: ``SQLError``; the transaction can only be rolled back.
    @discardableResult
    public func execute(_ sql: SQL) throws -> Int {
        try scope.statement { try scope.session.execute(sql) }
    }

    /// The rows of one statement, all in memory; also those of `RETURNING`.
    ///
    /// - Throws: ``SQLError``; the transaction can only be rolled back.
    public func rows(_ sql: SQL) throws -> [SQLRow] {
        var rows: [SQLRow] = []
        try scope.statement {
            try scope.session.forEach(sql) { row in
                rows.append(row)
                return true
            }
        }
        return rows
    }

    /// The first row of one statement; nil without any.
    ///
    /// - Throws: ``SQLError``; the transaction can only be rolled back.
    public func row(_ sql: SQL) throws -> SQLRow? {
        // Reads to the end: on SQLite a writing statement has done its work only then.
        var first: SQLRow?
        try scope.statement {
            try scope.session.forEach(sql) { row in
                if first == nil { first = row }
                return true
            }
        }
        return first
    }

    /// The first column of the first row of one statement; nil without any.
    ///
    /// - Throws: ``SQLError``.
    public func value<Value: SQLValueConvertible>(_ sql: SQL, as type: Value.Type = Value.self) throws -> Value? {
        try row(sql)?.value(at: 0, as: type)
    }

    /// Hands over the rows of a SELECT one by one; on SQLite without keeping them all in memory.
    ///
    /// - Throws: ``SQLError``, or what the body throws, after which no more rows are read.
    public func forEach(_ sql: SQL, _ body: (SQLRow) throws -> Void) throws {
        var thrown: (any Error)?
        try scope.statement {
            try scope.session.forEach(sql) { row in
                do {
                    try body(row)
                    return true
                } catch {
                    thrown = error
                    return false
                }
            }
        }
        if let thrown { throw thrown }
    }

    /// Tells everybody who listens on a channel, after the commit; nobody when it is rolled back.
    ///
    /// - Parameters:
    ///   - channel: 1 to 63 bytes.
    ///   - payload: Fewer than 8,000 bytes, as PostgreSQL wants it; best the key of what changed.
    /// - Throws: ``SQLError``.
    public func notify(_ channel: String, _ payload: String) throws {
        try scope.statement {
            let notification = try SentNotification(channel: channel, payload: payload)
            if try !scope.session.notify(notification) { scope.notifications.append(notification) }
        }
    }

    /// Runs a part of the transaction that is undone alone when it throws; savepoints may contain others.
    ///
    /// - Throws: What the body throws; what it did is undone and the transaction goes on.
    @discardableResult
    public func savepoint<Value>(_ body: () throws -> Value) throws -> Value {
        let name = "part\(scope.depth)"
        let notificationCount = scope.notifications.count
        try execute("SAVEPOINT \(raw: name)")
        scope.depth += 1
        defer { scope.depth -= 1 }
        do {
            let value = try body()
            try execute("RELEASE SAVEPOINT \(raw: name)")
            return value
        } catch {
            scope.notifications.removeSubrange(notificationCount...)
            let failure = scope.failure
            scope.failure = nil
            do {
                try execute("ROLLBACK TO SAVEPOINT \(raw: name)")
                try execute("RELEASE SAVEPOINT \(raw: name)")
            } catch {
                // The database has given up the whole transaction.
                scope.failure = failure ?? scope.failure
            }
            throw error
        }
    }
}

@available(*, unavailable)
extension SQLTransaction: Sendable {}
