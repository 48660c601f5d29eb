/// A statement as one database takes it.
struct RenderedSQL {
    private(set) var text = ""
    private(set) var values: [SQLValue] = []

    private let dialect: SQLDialect

    init(_ sql: SQL, for dialect: SQLDialect) {
        self.dialect = dialect
        var (bytes, count) = (0, 0)
        for piece in sql.pieces {
            switch piece {
            case .text(let part): bytes += part.utf8.count
            case .value: (bytes, count) = (bytes + 4, count + 1)
            case .table, .either: bytes += 64
            }
        }
        text.reserveCapacity(bytes)
        values.reserveCapacity(count)
        append(sql.pieces)
    }

    private mutating func append(_ pieces: [SQL.Piece]) {
        for piece in pieces {
            switch piece {
            case .text(let part): text += part
            case .value(let value):
                values.append(value)
                switch dialect {
                case .sqlite: text += "?"
                case .postgres:
                    text += "$"
                    text += String(values.count)
                }
            case .table(let name): text += SQLIdentifier.quotedTable(name, dialect)
            case .either(let sqlite, let postgres): append(dialect == .sqlite ? sqlite : postgres)
            }
        }
    }
}
