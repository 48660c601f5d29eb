#if Postgres
import CLibPQ

/// What a statement answered: rows that are read where libpq put them.
///
/// `@unchecked Sendable`, because libpq never changes a result once it has handed it over ("can be passed around freely between
/// threads", libpq, section "Behavior in Threaded Programs"), the pointer never changes, and it is freed with the last reference.
package final class PostgresResult: @unchecked Sendable {
    private let pointer: OpaquePointer

    /// The number of rows.
    package let count: Int

    /// The number of columns.
    package let columnCount: Int

    /// Takes the result over.
    init(taking pointer: OpaquePointer) {
        self.pointer = pointer
        count = Int(PQntuples(pointer))
        columnCount = Int(PQnfields(pointer))
    }

    deinit { PQclear(pointer) }

    /// The names of the columns, in order.
    package var columns: [String] { (0..<columnCount).map(columnName) }

    /// A column's name.
    package func columnName(_ column: Int) -> String {
        precondition(column < columnCount, "no column \(column)")
        return PQfname(pointer, Int32(column)).map { String(cString: $0) } ?? ""
    }

    /// The type of a column, as in ``PostgresType``.
    package func columnType(_ column: Int) -> UInt32 { PQftype(pointer, Int32(column)) }

    /// Whether a column's values are in binary form.
    package func isBinary(_ column: Int) -> Bool { PQfformat(pointer, Int32(column)) == 1 }

    /// The place of the first column with a name, exactly as the server writes it; nil when there is none.
    package func column(named name: String) -> Int? {
        (0..<columnCount).first { column in
            guard let other = PQfname(pointer, Int32(column)) else { return false }
            return name == String(cString: other)
        }
    }

    /// The rows an INSERT, UPDATE, DELETE or MERGE touched, or a SELECT gave; 0 for other statements.
    package var affectedRowCount: Int {
        guard let text = PQcmdTuples(pointer) else { return 0 }
        return Int(String(cString: text)) ?? 0
    }

    /// What the server says it did, for example `INSERT 0 1`.
    package var commandTag: String { PQcmdStatus(pointer).map { String(cString: $0) } ?? "" }

    /// Whether a value is NULL.
    package func isNull(row: Int, column: Int) -> Bool {
        check(row, column)
        return PQgetisnull(pointer, Int32(row), Int32(column)) == 1
    }

    /// Calls with the bytes of a value as they came, which hold during the call; NULL calls nothing and gives nil.
    package func withBytes<Value>(
        row: Int,
        column: Int,
        _ body: (UnsafeRawBufferPointer) throws -> Value
    ) rethrows -> Value? {
        guard !isNull(row: row, column: column) else { return nil }
        let length = Int(PQgetlength(pointer, Int32(row), Int32(column)))
        let start = PQgetvalue(pointer, Int32(row), Int32(column))
        return try body(UnsafeRawBufferPointer(start: start, count: length))
    }

    // libpq answers a place that does not exist with a message on standard error.
    private func check(_ row: Int, _ column: Int) {
        precondition(row >= 0 && row < count, "no row \(row)")
        precondition(column >= 0 && column < columnCount, "no column \(column)")
    }
}

extension PostgresResult: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { count }
    package subscript(position: Int) -> PostgresRow {
        precondition(position >= 0 && position < count, "no row \(position)")
        return PostgresRow(result: self, index: position)
    }
}
#endif
