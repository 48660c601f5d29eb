import GRDBSQLite

/// A prepared statement of a connection.
struct SQLiteStatement {
    // SQLite's name for "copy it now": SQLITE_TRANSIENT is a cast that Swift does not import.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    let pointer: OpaquePointer
    let handle: OpaquePointer

    /// Prepares the only statement of a text.
    init(_ text: String, handle: OpaquePointer) throws {
        guard !text.utf8.contains(0) else { throw SQLError(.invalid, "the statement contains NUL") }
        var text = text
        var pointer: OpaquePointer?
        let isAlone: Bool = try text.withUTF8 { bytes in
            try bytes.withMemoryRebound(to: CChar.self) { characters in
                var tail: UnsafePointer<CChar>?
                let flags = CUnsignedInt(SQLITE_PREPARE_PERSISTENT)
                let code = sqlite3_prepare_v3(
                    handle,
                    characters.baseAddress,
                    CInt(characters.count),
                    flags,
                    &pointer,
                    &tail
                )
                guard code == SQLITE_OK else { throw SQLiteFailure(handle: handle) }
                guard let start = characters.baseAddress, let tail else { return true }
                return characters[(tail - start)...].allSatisfy { UInt8(bitPattern: $0) <= 0x20 || $0 == 0x3b }
            }
        }
        guard let pointer else { throw SQLError(.invalid, "there is no statement") }
        guard isAlone else {
            sqlite3_finalize(pointer)
            throw SQLError(.invalid, "there is more than one statement")
        }
        self.pointer = pointer
        self.handle = handle
    }

    func bind(_ values: [SQLValue]) throws {
        guard Int(sqlite3_bind_parameter_count(pointer)) == values.count else {
            throw SQLError(.invalid, "the statement has another number of parameters than values")
        }
        for (index, value) in values.enumerated() { try bind(value, at: CInt(index + 1)) }
    }

    private func bind(_ value: SQLValue, at index: CInt) throws {
        let code: CInt
        switch value {
        case .null: code = sqlite3_bind_null(pointer, index)
        case .boolean(let value): code = sqlite3_bind_int64(pointer, index, value ? 1 : 0)
        case .integer(let value): code = sqlite3_bind_int64(pointer, index, value)
        case .real(let value):
            // SQLite would store NULL without a word.
            guard !value.isNaN else { throw SQLError(.invalid, "parameter \(index) is not a number") }
            code = sqlite3_bind_double(pointer, index, value)
        case .text(var text):
            code = try text.withUTF8 { bytes in
                // PostgreSQL cannot store it, and what holds on one database shall hold on the other.
                guard !bytes.contains(0) else { throw SQLError(.invalid, "parameter \(index) contains NUL") }
                // Without a pointer SQLite would bind NULL instead of an empty text.
                guard let start = bytes.baseAddress, !bytes.isEmpty else {
                    return sqlite3_bind_text(pointer, index, "", 0, Self.copied)
                }
                return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                    sqlite3_bind_text64(
                        pointer,
                        index,
                        $0,
                        UInt64(bytes.count),
                        Self.copied,
                        CUnsignedChar(SQLITE_UTF8)
                    )
                }
            }
        case .bytes(let bytes):
            code = bytes.withUnsafeBytes { buffer in
                buffer.isEmpty
                    ? sqlite3_bind_zeroblob(pointer, index, 0)
                    : sqlite3_bind_blob64(pointer, index, buffer.baseAddress, UInt64(buffer.count), Self.copied)
            }
        }
        guard code == SQLITE_OK else { throw SQLiteFailure(handle: handle) }
    }

    /// Goes to the next row; false when there is none.
    func step() throws -> Bool {
        switch sqlite3_step(pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw SQLiteFailure(handle: handle)
        }
    }

    /// Runs a statement to its end, for one without parameters.
    func run() throws {
        defer { sqlite3_reset(pointer) }
        while try step() {}
    }

    /// Makes it ready to be bound again, and lets go of the values it was bound to.
    func reset() {
        sqlite3_reset(pointer)
        sqlite3_clear_bindings(pointer)
    }

    var columns: [String] {
        (0..<sqlite3_column_count(pointer)).map { sqlite3_column_name(pointer, $0).map { String(cString: $0) } ?? "" }
    }

    func row(_ columns: [String]) -> SQLRow {
        SQLRow(columns: columns, values: columns.indices.map { value(CInt($0)) })
    }

    private func value(_ column: CInt) -> SQLValue {
        switch sqlite3_column_type(pointer, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(pointer, column))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(pointer, column))
        case SQLITE_TEXT:
            guard let start = sqlite3_column_text(pointer, column) else { return .text("") }
            let count = Int(sqlite3_column_bytes(pointer, column))
            return .text(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            guard let start = sqlite3_column_blob(pointer, column) else { return .bytes([]) }
            let count = Int(sqlite3_column_bytes(pointer, column))
            return .bytes([UInt8](UnsafeRawBufferPointer(start: start, count: count)))
        default: return .null
        }
    }
}
