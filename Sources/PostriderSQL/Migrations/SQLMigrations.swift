/// The migrations of one part of an application, in order; they are only ever added to.
public struct SQLMigrations: Sendable {
    /// The part's name: lower-case letters, digits and underscores.
    public let namespace: String
    /// The migrations; the first has the number 1.
    public let migrations: [SQLMigration]

    /// The migrations of a part.
    public init(namespace: String, _ migrations: [SQLMigration]) {
        self.namespace = namespace
        self.migrations = migrations
    }

    /// All statements for an empty database, for those who apply them with a tool of their own.
    ///
    /// They can be applied again, and they record what they did, so that ``SQLDatabase/migrate(_:)`` passes them by.
    ///
    /// - Throws: ``SQLError`` with code `invalid` when a table's declaration contradicts itself.
    public func text(for dialect: SQLDialect) throws -> String {
        let planner = SchemaPlanner(dialect: dialect)
        try check()
        var text = "-- Migrations of \(namespace)\n"
        var statements = planner.migrationTable
        for (index, migration) in migrations.enumerated() {
            for step in migration.steps { statements += try planner.statements(for: step, existing: { _ in nil }) }
            let (namespace, name) = (SQLLiteral.text(namespace), SQLLiteral.text(migration.name))
            statements.append(
                """
                INSERT INTO postrider_migration (namespace, number, name) VALUES (\(namespace), \(index + 1), \(name)) \
                ON CONFLICT DO NOTHING
                """
            )
        }
        for statement in statements { text += statement + ";\n" }
        return text
    }

    func check() throws {
        let isNamed =
            (1...63).contains(namespace.utf8.count)
            && namespace.utf8.allSatisfy { byte in
                (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5f
            }
        guard isNamed else {
            throw SQLError(.invalid, "a namespace of migrations is lower-case letters, digits and underscores")
        }
    }
}

/// One step in the life of a schema; what was released is never changed.
public struct SQLMigration: Sendable {
    /// What it does, for people.
    public let name: String
    /// What it does, in order.
    public let steps: [SQLMigrationStep]

    /// A migration.
    public init(_ name: String, _ steps: [SQLMigrationStep]) {
        self.name = name
        self.steps = steps
    }
}

/// A part of a migration.
public struct SQLMigrationStep: Sendable {
    enum Kind: Sendable {
        case table(SQLTable)
        case index(SQLIndex, table: String)
        case sql(sqlite: [String], postgres: [String])
    }

    let kind: Kind

    /// Makes a table, or adds to one that is there the columns and indexes that are missing.
    public static func table(_ table: SQLTable) -> SQLMigrationStep { SQLMigrationStep(kind: .table(table)) }

    /// Makes an index if it is missing.
    public static func index(_ index: SQLIndex, on table: String) -> SQLMigrationStep {
        SQLMigrationStep(kind: .index(index, table: table))
    }

    /// Runs statements as they stand, each of its own; those of one database may be none.
    public static func sql(sqlite: [String], postgres: [String]) -> SQLMigrationStep {
        SQLMigrationStep(kind: .sql(sqlite: sqlite, postgres: postgres))
    }
}
