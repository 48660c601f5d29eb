/// Names as the two databases write them.
enum SQLIdentifier {
    /// The name in double quotes, those within doubled.
    static func quoted(_ name: String) -> String { SQLLiteral.quoted(name, in: "\"") }

    /// A table's name, quoted; a dot separates its schema, of which SQLite makes a prefix.
    static func quotedTable(_ name: String, _ dialect: SQLDialect) -> String {
        switch dialect {
        case .sqlite: quoted(plain(name))
        case .postgres: name.split(separator: ".", maxSplits: 1).map { quoted(String($0)) }.joined(separator: ".")
        }
    }

    /// A table's name where no schema can be said: on SQLite, and within the names of indexes.
    static func plain(_ table: String) -> String {
        String(table.map { $0 == "." ? "_" : $0 })
    }
}
