import GRDBSQLite

/// A prepared statement that a session keeps for the next time.
final class CachedStatement {
    let statement: SQLiteStatement
    /// Whether its rows are being read.
    var isInUse = true
    /// Whether the session finds it again; one that it does not is given up after its use.
    var isKept = false

    private var names: [String] = []
    // SQLite prepares a statement anew when the schema has changed under it; then its columns may have too.
    private var preparations: CInt = -1

    init(_ statement: SQLiteStatement) {
        self.statement = statement
    }

    /// The names of the columns, once the first row is there.
    var columns: [String] {
        let current = sqlite3_stmt_status(statement.pointer, SQLITE_STMTSTATUS_REPREPARE, 0)
        if current != preparations {
            names = statement.columns
            preparations = current
        }
        return names
    }
}
