import GRDBSQLite

/// A prepared statement: values are bound by position from 1, columns read by position from 0.
///
/// Whoever leaves a row unread resets it.
struct PreparedStatement {
    // SQLite's name for "copy it now": SQLITE_TRANSIENT is a cast that Swift does not import.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    let pointer: OpaquePointer
    let handle: OpaquePointer

    func bind(_ value: Int64, at index: CInt) throws {
        try check(sqlite3_bind_int64(pointer, index, value))
    }

    /// Binds a number, or NULL for nil.
    func bind(_ value: Int64?, at index: CInt) throws {
        guard let value else { return try check(sqlite3_bind_null(pointer, index)) }
        try bind(value, at: index)
    }

    /// Binds a text with whatever it contains, NUL too; NULL for nil.
    func bind(_ text: String?, at index: CInt) throws {
        guard var text else { return try check(sqlite3_bind_null(pointer, index)) }
        let code = text.withUTF8 { bytes in
            // Without a pointer SQLite would bind NULL instead of an empty text.
            guard let start = bytes.baseAddress, !bytes.isEmpty else {
                return sqlite3_bind_text(pointer, index, "", 0, Self.copied)
            }
            return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                sqlite3_bind_text(pointer, index, $0, CInt(bytes.count), Self.copied)
            }
        }
        try check(code)
    }

    /// Binds bytes, which SQLite copies at once: for small ones.
    func bind(_ bytes: [UInt8], at index: CInt) throws {
        let code = bytes.withUnsafeBytes { buffer in
            buffer.isEmpty
                ? sqlite3_bind_zeroblob(pointer, index, 0)
                : sqlite3_bind_blob64(pointer, index, buffer.baseAddress, UInt64(buffer.count), Self.copied)
        }
        try check(code)
    }

    /// Binds bytes without copying them, runs the statement and takes them back; NULL for nil.
    func run(binding bytes: [UInt8]?, at index: CInt) throws {
        guard let bytes else {
            try check(sqlite3_bind_null(pointer, index))
            return try run()
        }
        guard !bytes.isEmpty else {
            try check(sqlite3_bind_zeroblob(pointer, index, 0))
            return try run()
        }
        try bytes.withUnsafeBytes { buffer in
            // The array outlives the statement's run, and the binding is gone before the array may be.
            defer { sqlite3_bind_null(pointer, index) }
            try check(sqlite3_bind_blob64(pointer, index, buffer.baseAddress, UInt64(buffer.count), nil))
            try run()
        }
    }

    /// Runs a statement that answers no rows.
    func run() throws {
        while try step() {}
    }

    /// Goes to the next row; false, and the statement is reset, when there is none.
    func step() throws -> Bool {
        switch sqlite3_step(pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(pointer)
            return false
        default:
            let failure = SQLFailure(handle: handle)
            sqlite3_reset(pointer)
            throw failure
        }
    }

    func reset() {
        sqlite3_reset(pointer)
    }

    func integer(_ column: CInt) -> Int64 { sqlite3_column_int64(pointer, column) }

    func isNull(_ column: CInt) -> Bool { sqlite3_column_type(pointer, column) == SQLITE_NULL }

    func optionalInteger(_ column: CInt) -> Int64? { isNull(column) ? nil : integer(column) }

    /// The text of a column; what is not UTF-8 is repaired, since only damage can have put it there.
    func text(_ column: CInt) -> String {
        guard let start = sqlite3_column_text(pointer, column) else { return "" }
        let count = Int(sqlite3_column_bytes(pointer, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func optionalText(_ column: CInt) -> String? { isNull(column) ? nil : text(column) }

    /// The bytes of a column, valid until the statement goes on.
    func buffer(_ column: CInt) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(pointer, column)
        return UnsafeRawBufferPointer(
            start: start,
            count: start == nil ? 0 : Int(sqlite3_column_bytes(pointer, column))
        )
    }

    /// A copy of the bytes of a column.
    func bytes(_ column: CInt) -> [UInt8] { [UInt8](buffer(column)) }

    private func check(_ code: CInt) throws {
        guard code == SQLITE_OK else { throw SQLFailure(handle: handle) }
    }
}
