import GRDBSQLite

/// An open connection to SQLite with its prepared statements.
///
/// Not for more than one thread at a time: it lives inside a ``SQLiteConnection``, which sees to that.
final class SQLiteSession: SQLSession {
    let handle: OpaquePointer
    /// Whether the disk failed under it: it must be opened anew.
    private(set) var isDamaged = false
    private var statements: [String: SQLiteStatement] = [:]
    /// Those of the driver itself, few and always the same; apart, since nobody else may run them.
    private var controls: [String: SQLiteStatement] = [:]
    private let statementCountMax: Int

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

    func execute(_ sql: SQL) throws -> Int {
        let before = sqlite3_total_changes64(handle)
        try run(sql) { _ in true }
        // What is no INSERT, UPDATE or DELETE leaves the number of the one before it.
        return sqlite3_total_changes64(handle) == before ? 0 : Int(sqlite3_changes64(handle))
    }

    func forEach(_ sql: SQL, _ body: (SQLRow) -> Bool) throws {
        var columns: [String] = []
        try run(sql) { statement in
            if columns.isEmpty { columns = statement.columns }
            return body(statement.row(columns))
        }
    }

    func notify(_ notification: SentNotification) -> Bool { false }

    /// Runs a statement of the driver's own, which has no parameters and answers nothing.
    func control(_ text: String) throws(SQLiteFailure) {
        do {
            let statement = try controls[text] ?? SQLiteStatement(text, handle: handle)
            controls[text] = statement
            try statement.run()
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
        for statement in statements.values { sqlite3_finalize(statement.pointer) }
        statements.removeAll()
        for statement in controls.values { sqlite3_finalize(statement.pointer) }
        controls.removeAll()
    }

    private func run(_ sql: SQL, _ onRow: (SQLiteStatement) -> Bool) throws {
        let rendered = RenderedSQL(sql, for: .sqlite)
        do {
            let statement = try take(rendered.text)
            defer { keep(statement, of: rendered.text) }
            try statement.bind(rendered.values)
            while try statement.step(), onRow(statement) {}
        } catch {
            throw note(error)?.error ?? error
        }
    }

    private func note(_ error: any Error) -> SQLiteFailure? {
        guard let failure = error as? SQLiteFailure else { return nil }
        if failure.isDamage { isDamaged = true }
        return failure
    }

    /// The statement of a text, which nobody else has until it is kept again: rows may be read while it is asked anew.
    private func take(_ text: String) throws -> SQLiteStatement {
        if let statement = statements.removeValue(forKey: text) { return statement }
        try TransactionControl.forbid(in: text)
        return try SQLiteStatement(text, handle: handle)
    }

    private func keep(_ statement: SQLiteStatement, of text: String) {
        statement.reset()
        // Texts that differ with every call would fill it; what is in use comes back with one preparation each.
        if statements.count >= statementCountMax {
            for statement in statements.values { sqlite3_finalize(statement.pointer) }
            statements.removeAll(keepingCapacity: true)
        }
        if let other = statements.updateValue(statement, forKey: text) { sqlite3_finalize(other.pointer) }
    }
}
