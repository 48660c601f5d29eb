import GRDB
import GRDBSQLite
import PostriderCore

/// What SQLite said when it could not do something.
struct SQLFailure: Error {
    /// The extended result code.
    let code: CInt
    /// SQLite's words; they name tables and columns, never values.
    let message: String

    /// The result code without its extension.
    var primaryCode: CInt { code & 0xff }

    /// The last failure of a connection.
    init(handle: OpaquePointer) {
        self.code = sqlite3_extended_errcode(handle)
        self.message = String(cString: sqlite3_errmsg(handle))
    }

    init(code: CInt, message: String) {
        self.code = code
        self.message = message
    }
}

extension StoreError {
    /// The store's error for whatever was thrown inside it.
    init(_ error: any Error) {
        switch error {
        case let error as StoreError: self = error
        case let error as SQLFailure: self.init(sqliteCode: error.code, message: error.message)
        case let error as DatabaseError:
            self.init(sqliteCode: error.extendedResultCode.rawValue, message: error.message ?? "no message")
        default: self.init(.unavailable, detail: "\(type(of: error))")
        }
    }

    private init(sqliteCode: CInt, message: String) {
        let code: Code =
            switch sqliteCode & 0xff {
            case SQLITE_FULL: .full
            case SQLITE_CORRUPT, SQLITE_NOTADB: .unreadable
            default: .unavailable
            }
        self.init(code, detail: "SQLite error \(sqliteCode): \(message)")
    }
}
