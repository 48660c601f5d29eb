import GRDBSQLite

/// An open connection to SQLite with its prepared statements.
///
/// Not for more than one thread at a time: it lives inside a ``Connection``, which sees to that. Statements go through
/// SQLite's own interface, which spares building arguments for values that are only carried.
final class Session {
    let handle: OpaquePointer
    private var statements: [ObjectIdentifier: PreparedStatement] = [:]

    /// - Parameter handle: Stays open as long as the session lives.
    init(handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        finalize()
    }

    /// The prepared statement of a text, reset and ready to be bound.
    func statement(_ sql: SQLText) throws -> PreparedStatement {
        if let statement = statements[ObjectIdentifier(sql)] { return statement }
        var pointer: OpaquePointer?
        let flags = CUnsignedInt(SQLITE_PREPARE_PERSISTENT)
        guard sqlite3_prepare_v3(handle, sql.text, -1, flags, &pointer, nil) == SQLITE_OK, let pointer else {
            throw SQLFailure(handle: handle)
        }
        let statement = PreparedStatement(pointer: pointer, handle: handle)
        statements[ObjectIdentifier(sql)] = statement
        return statement
    }

    /// Runs statements that answer nothing.
    func execute(_ sql: String) throws {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw SQLFailure(handle: handle) }
    }

    /// The number in the first column of the first row; nil without a row or when it is NULL.
    func integer(_ sql: String) throws -> Int64? {
        var pointer: OpaquePointer?
        guard sqlite3_prepare_v3(handle, sql, -1, 0, &pointer, nil) == SQLITE_OK, let pointer else {
            throw SQLFailure(handle: handle)
        }
        defer { sqlite3_finalize(pointer) }
        let statement = PreparedStatement(pointer: pointer, handle: handle)
        return try statement.step() ? statement.optionalInteger(0) : nil
    }

    /// Rows changed by the last statement.
    var changedRowCount: Int { Int(sqlite3_changes(handle)) }

    /// The row id of the last insertion.
    var lastRowID: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Whether a transaction is open; SQLite ends one by itself after some errors.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Gives up every statement, so that the connection can be closed.
    func finalize() {
        for statement in statements.values { sqlite3_finalize(statement.pointer) }
        statements.removeAll()
    }
}
