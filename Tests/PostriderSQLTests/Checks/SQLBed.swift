import PostriderSQL

/// An open database, and a name in it that nobody else uses: of a schema, and of migrations.
struct SQLBed: Sendable {
    let database: SQLDatabase
    let backend: SQLBackend
    let name: String

    /// A table's name in the schema.
    func table(_ name: String) -> String { "\(self.name).\(name)" }

    /// Makes tables.
    func make(_ tables: SQLTable...) async throws {
        let steps = tables.map { SQLMigrationStep.table($0) }
        try await database.migrate(SQLMigrations(namespace: name, [SQLMigration("tables", steps)]))
    }

    /// Makes a table `item` with a text, a number and a unique key.
    func makeItems() async throws {
        try await make(
            SQLTable(
                table("item"),
                columns: [
                    SQLColumn("id", .text),
                    SQLColumn("count", .bigint, default: .value(.integer(0)), check: "count >= 0"),
                    SQLColumn("note", .text, isNullable: true),
                ],
                primaryKey: ["id"]
            )
        )
    }

    /// Puts a row into `item`.
    func add(_ id: String, count: Int = 0, note: String? = nil) async throws {
        let item = item
        try await database.transaction { transaction in
            try transaction.execute("INSERT INTO \(item) (id, count, note) VALUES (\(id), \(count), \(note))")
        }
    }

    /// The ids in `item`, in order.
    func ids() async throws -> [String] {
        let item = item
        return try await database.read { transaction in
            try transaction.rows("SELECT id FROM \(item) ORDER BY id").map { try $0.value("id") }
        }
    }

    /// The table `item` as a part of statements.
    var item: SQL { "\(table: table("item"))" }

    /// Removes what was made, and closes.
    func end() async throws {
        let (schema, name) = (SQL("\(identifier: self.name)"), self.name)
        if database.dialect == .postgres {
            try await database.transaction { transaction in
                try transaction.execute("DROP SCHEMA IF EXISTS \(schema) CASCADE")
                if try transaction.value("SELECT to_regclass('postrider_migration') IS NOT NULL", as: Bool.self) == true
                {
                    try transaction.execute("DELETE FROM postrider_migration WHERE namespace LIKE \(name + "%")")
                }
            }
        }
        try await database.close()
    }
}
