import GRDBSQLite

/// An open connection to SQLite with its prepared statements.
///
/// Not for more than one thread at a time: it lives inside a ``SQLiteConnection``, which sees to that.
final class SQLiteSession: SQLSession {
    let handle: OpaquePointer
    /// Whether the disk failed under it: it must be opened anew.
    private(set) var isDamaged = false
    private var statements: [String: CachedStatement] = [:]
    /// Those of the driver itself, few and always the same; apart, since nobody else may run them.
    private var controls: [String: SQLiteStatement] = [:]
    private let statementCountMax: Int
    /// Nil on a connection that writes: what it has begun is not ended half-way.
    private var cancellation: ReadCancellation?

    /// - Parameter handle: Stays open as long as the session lives.
    init(handle: OpaquePointer, statementCountMax: Int) {
        self.handle = handle
        self.statementCountMax = statementCountMax
    }

    deinit {
        finalize()
    }

    var dialect: SQLDialect { .sqlite }

    /// Whether a transaction is open; SQLite ends one by itself after some errors.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Lets reads be ended from outside.
    func watch(_ cancellation: ReadCancellation) {
        cancellation.watch(handle)
        self.cancellation = cancellation
    }

    /// Gives the connection up after this work.
    func markDamaged() { isDamaged = true }

    func execute(_ sql: SQL) throws -> Int {
        let before = sqlite3_total_changes64(handle)
        try run(sql) { _ in true }
        // What is no INSERT, UPDATE or DELETE leaves the number of the one before it.
        return sqlite3_total_changes64(handle) == before ? 0 : Int(sqlite3_changes64(handle))
    }

    func forEach(_ sql: SQL, _ body: (SQLRow) -> Bool) throws {
        try run(sql) { cached in body(cached.statement.row(cached.columns)) }
    }

    func notify(_ notification: SentNotification) -> Bool { false }

    /// Runs a statement of the driver's own, which has no parameters and answers nothing.
    func control(_ text: String) throws(SQLiteFailure) {
        do {
            if let statement = controls[text] {
                try statement.run()
            } else {
                let statement = try SQLiteStatement(text, handle: handle)
                controls[text] = statement
                try statement.run()
            }
        } catch {
            throw note(error) ?? SQLiteFailure(handle: handle)
        }
    }

    /// The number in the first column of the first row; nil without a row or when it is none.
    func integer(_ text: String) throws -> Int64? {
        var number: Int64?
        try forEach(SQL(raw: text)) { row in
            number = Int64(sqlValue: row.values[0])
            return false
        }
        return number
    }

    /// Gives up every statement, so that the connection can be closed.
    func finalize() {
        for cached in statements.values { sqlite3_finalize(cached.statement.pointer) }
        statements.removeAll()
        for statement in controls.values { sqlite3_finalize(statement.pointer) }
        controls.removeAll()
    }

    private func run(_ sql: SQL, _ onRow: (CachedStatement) -> Bool) throws {
        let rendered = RenderedSQL(sql, for: .sqlite)
        if let cancellation, cancellation.isCancelled { throw SQLError(.cancelled, "the task was cancelled") }
        do {
            let cached = try take(rendered.text)
            defer { giveBack(cached) }
            try cached.statement.bind(rendered.values)
            while try cached.statement.step(), onRow(cached) {}
        } catch {
            throw note(error)?.error ?? error
        }
    }

    private func note(_ error: any Error) -> SQLiteFailure? {
        guard let failure = error as? SQLiteFailure else { return nil }
        if failure.isDamage { isDamaged = true }
        return failure
    }

    /// The statement of a text, which nobody else has until it is given back: rows may be read while it is asked anew.
    private func take(_ text: String) throws -> CachedStatement {
        let known = statements[text]
        if let known, !known.isInUse {
            known.isInUse = true
            return known
        }
        try TransactionControl.forbid(in: text, .sqlite)
        let fresh = CachedStatement(try SQLiteStatement(text, handle: handle))
        guard known == nil else { return fresh }
        // Texts that differ with every call would fill it; what is in use comes back with one preparation each.
        if statements.count >= statementCountMax { giveUpStatements() }
        fresh.isKept = true
        statements[text] = fresh
        return fresh
    }

    private func giveBack(_ cached: CachedStatement) {
        cached.isInUse = false
        guard cached.isKept else {
            sqlite3_finalize(cached.statement.pointer)
            return
        }
        cached.statement.reset()
    }

    private func giveUpStatements() {
        for cached in statements.values {
            cached.isKept = false
            if !cached.isInUse { sqlite3_finalize(cached.statement.pointer) }
        }
        statements.removeAll(keepingCapacity: true)
    }
}
