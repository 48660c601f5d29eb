import GRDB
import GRDBSQLite

/// What SQLite said when it could not do something.
struct SQLiteFailure: Error {
    /// The extended result code.
    let code: CInt
    /// SQLite's words; they name tables and columns, never values.
    let message: String

    /// The result code without its extension.
    var primaryCode: CInt { code & 0xff }

    /// Whether the file or the disk failed, so that nothing may be acknowledged before the file was opened again.
    var isDamage: Bool {
        switch primaryCode {
        case SQLITE_IOERR, SQLITE_FULL, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CANTOPEN: true
        default: false
        }
    }

    /// Whether there was no room: SQLite knows then that nothing was written.
    var isFull: Bool { primaryCode == SQLITE_FULL }

    /// The last failure of a connection.
    init(handle: OpaquePointer) {
        self.code = sqlite3_extended_errcode(handle)
        self.message = String(cString: sqlite3_errmsg(handle))
    }

    /// The error for a user of the database.
    var error: SQLError { SQLError(kind, "SQLite error \(code): \(message)") }

    private var kind: SQLError.Code {
        // sqlite3.h: extended codes are macros that Swift does not import.
        let constraintDatatype: CInt = SQLITE_CONSTRAINT | (12 << 8)
        let conflicts: [CInt] = [6, 8, 10].map { SQLITE_CONSTRAINT | ($0 << 8) }
        return switch primaryCode {
        case SQLITE_CONSTRAINT where conflicts.contains(code): .conflict
        case SQLITE_CONSTRAINT where code == constraintDatatype: .invalid
        case SQLITE_CONSTRAINT: .constraint
        case SQLITE_INTERRUPT: .cancelled
        case SQLITE_ERROR, SQLITE_READONLY, SQLITE_MISMATCH, SQLITE_RANGE, SQLITE_TOOBIG, SQLITE_MISUSE, SQLITE_AUTH:
            .invalid
        default: .unavailable
        }
    }
}

extension SQLError {
    /// The error for whatever was thrown while a file was opened or closed.
    init(opening error: any Error) {
        switch error {
        case let error as SQLError: self = error
        case let error as SQLiteFailure: self = error.error
        case let error as DatabaseError:
            self.init(
                .unavailable,
                "SQLite error \(error.extendedResultCode.rawValue): \(error.message ?? "no message")"
            )
        default: self.init(.unavailable, "\(type(of: error))")
        }
    }
}
