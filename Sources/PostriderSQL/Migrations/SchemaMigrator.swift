/// Makes the migrations that are missing, within a transaction that keeps others out.
struct SchemaMigrator {
    // Any number that nobody else uses: "postridr" as bytes.
    private static let lock: Int64 = 0x706f_7374_7269_6472

    let transaction: SQLTransaction

    /// - Throws: ``SQLError`` with code `schemaTooNew` or `schemaUnsuitable`, or any other.
    func migrate(_ wanted: SQLMigrations) throws {
        try wanted.check()
        let dialect = transaction.dialect
        let planner = SchemaPlanner(dialect: dialect)
        if dialect == .postgres { _ = try transaction.rows("SELECT pg_advisory_xact_lock(\(Self.lock))") }
        let isThere = try existing("postrider_migration") != nil
        if !isThere { for statement in planner.migrationTable { try transaction.execute(SQL(raw: statement)) } }
        let made = try madeCount(of: wanted)
        for (index, migration) in wanted.migrations.enumerated().dropFirst(made) {
            for step in migration.steps {
                for statement in try planner.statements(for: step, existing: existing) {
                    try transaction.execute(SQL(raw: statement))
                }
            }
            try transaction.execute(
                """
                INSERT INTO postrider_migration (namespace, number, name)
                VALUES (\(wanted.namespace), \(index + 1), \(migration.name))
                """
            )
        }
    }

    /// How many of the migrations were made before.
    ///
    /// - Throws: ``SQLError`` with code `schemaTooNew` when there were more than this program knows, `schemaUnsuitable` when
    ///   they were others.
    func madeCount(of wanted: SQLMigrations) throws -> Int {
        guard try existing("postrider_migration") != nil else { return 0 }
        let rows = try transaction.rows(
            "SELECT number, name FROM postrider_migration WHERE namespace = \(wanted.namespace) ORDER BY number"
        )
        guard rows.count <= wanted.migrations.count else {
            throw SQLError(
                .schemaTooNew,
                """
                the data of \(wanted.namespace) has \(rows.count) migrations, of a newer program than this one, which knows \
                \(wanted.migrations.count): run that program
                """
            )
        }
        for (row, migration) in zip(rows, wanted.migrations) where try row.value("name") != migration.name {
            throw SQLError(
                .schemaUnsuitable,
                "migration \(try row.value("number", as: Int.self)) of \(wanted.namespace) was another one than \(migration.name)"
            )
        }
        return rows.count
    }

    private func existing(_ table: String) throws -> ExistingTable? {
        let name = SQLIdentifier.quotedTable(table, transaction.dialect)
        let columns: [SQLRow]
        let indexes: [SQLRow]
        switch transaction.dialect {
        case .sqlite:
            let plain = SQLIdentifier.plain(table)
            columns = try transaction.rows("SELECT name FROM pragma_table_info(\(plain))")
            indexes = try transaction.rows(
                "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = \(plain)"
            )
        case .postgres:
            columns = try transaction.rows(
                """
                SELECT attname FROM pg_attribute
                WHERE attrelid = to_regclass(\(name)) AND attnum > 0 AND NOT attisdropped
                """
            )
            indexes = try transaction.rows(
                """
                SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
                WHERE indrelid = to_regclass(\(name))
                """
            )
        }
        guard !columns.isEmpty else { return nil }
        return ExistingTable(
            columns: Set(try columns.map { try $0.value(at: 0) }),
            indexes: Set(try indexes.map { try $0.value(at: 0) })
        )
    }
}
