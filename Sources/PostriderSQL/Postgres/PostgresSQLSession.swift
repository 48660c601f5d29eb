#if Postgres
import PostriderPostgres

/// A connection to PostgreSQL while a transaction has it.
final class PostgresSQLSession: SQLSession {
    private let session: PostgresSession

    init(_ session: PostgresSession) {
        self.session = session
    }

    var dialect: SQLDialect { .postgres }

    func execute(_ sql: SQL) throws -> Int {
        try run(sql).affectedRowCount
    }

    func forEach(_ sql: SQL, _ body: (SQLRow) -> Bool) throws {
        let reader = PostgresRowReader(try run(sql))
        for index in 0..<reader.count {
            guard body(try reader.row(index)) else { return }
        }
    }

    func notify(_ notification: SentNotification) throws -> Bool {
        _ = try run("SELECT pg_notify(\(notification.channel), \(notification.payload))")
        return true
    }

    private func run(_ sql: SQL) throws -> PostgresResult {
        let rendered = RenderedSQL(sql, for: .postgres)
        guard !rendered.text.utf8.contains(0) else { throw SQLError(.invalid, "the statement contains NUL") }
        try TransactionControl.forbid(in: rendered.text, dialect)
        for (index, value) in rendered.values.enumerated() {
            // SQLite cannot store it, and what holds on one database shall hold on the other.
            if case .real(let number) = value, number.isNaN {
                throw SQLError(.invalid, "parameter \(index + 1) is not a number")
            }
        }
        // Most texts come again: values are never in them. A pooler's connections keep no statements anyway.
        let statement = PostgresStatement(rendered.text, rendered.values.map(\.postgresValue), isPrepared: true)
        do {
            let result = try session.query(statement)
            // PostgreSQL takes an empty text for a statement that does nothing.
            guard !result.commandTag.isEmpty else { throw SQLError(.invalid, "there is no statement") }
            return result
        } catch let error as PostgresError {
            throw SQLError(error)
        }
    }
}

extension SQLValue {
    fileprivate var postgresValue: PostgresValue {
        switch self {
        case .null: .null
        case .boolean(let value): .bool(value)
        case .integer(let value): .int64(value)
        case .real(let value): .double(value)
        case .text(let value): .text(value)
        case .bytes(let value): .bytes(value)
        }
    }
}
#endif
