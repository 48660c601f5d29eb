#if Postgres
import PostriderPostgres

/// Makes rows of what PostgreSQL answered, by the types of the columns.
struct PostgresRowReader {
    private enum Kind {
        case boolean
        case integer
        case real
        case bytes
        case time
        case text
    }

    let count: Int
    private let result: PostgresResult
    private let columns: [String]
    private let kinds: [Kind]

    init(_ result: PostgresResult) {
        self.result = result
        self.count = result.count
        self.columns = result.columns
        self.kinds = result.columns.indices.map { column in
            switch result.columnType(column) {
            case PostgresType.bool: .boolean
            case PostgresType.int2, PostgresType.int4, PostgresType.int8, PostgresType.oid: .integer
            case PostgresType.float4, PostgresType.float8: .real
            case PostgresType.bytea: .bytes
            case PostgresType.timestamptz, PostgresType.timestamp: .time
            default: .text
            }
        }
    }

    func row(_ index: Int) throws -> SQLRow {
        let row = result[index]
        do {
            return SQLRow(columns: columns, values: try kinds.indices.map { try value(row, $0) })
        } catch let error as PostgresError {
            throw SQLError(error)
        }
    }

    private func value(_ row: PostgresRow, _ column: Int) throws -> SQLValue {
        switch kinds[column] {
        case .boolean: try row.bool(column).map { .boolean($0) } ?? .null
        case .integer: try row.int64(column).map { .integer($0) } ?? .null
        case .real: try row.double(column).map { .real($0) } ?? .null
        case .bytes: try row.bytes(column).map { .bytes($0) } ?? .null
        // The same text as SQLite keeps; `infinity` and years beyond 9999 as they are.
        case .time: try row.text(column).map { .text(SQLTimestamp.normalized($0) ?? $0) } ?? .null
        case .text: try row.text(column).map { .text($0) } ?? .null
        }
    }
}
#endif
