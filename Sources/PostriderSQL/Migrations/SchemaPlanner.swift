/// Decides which statements bring a table to what it shall be; it asks no database.
struct SchemaPlanner {
    // PostgreSQL: NAMEDATALEN - 1; a longer name would be cut without a word.
    private static let nameBytesMax = 63

    let dialect: SQLDialect

    /// The table of the migrations that were made.
    var migrationTable: [String] {
        let time = columnDefinition(SQLColumn("applied_at", .timestamp, default: .now))
        let table = SQLIdentifier.quotedTable("postrider_migration", dialect)
        var statements = [
            """
            CREATE TABLE IF NOT EXISTS \(table) (namespace TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, \
            \(time), PRIMARY KEY (namespace, number))
            """
        ]
        if dialect == .postgres { statements.append("ALTER TABLE \(table) ENABLE ROW LEVEL SECURITY") }
        return statements
    }

    /// The statements of a step.
    ///
    /// - Parameter existing: What is there of a table; nil when it is missing.
    /// - Throws: ``SQLError`` with code `schemaUnsuitable` or `invalid`.
    func statements(
        for step: SQLMigrationStep,
        existing: (String) throws -> ExistingTable?
    ) throws -> [String] {
        switch step.kind {
        case .table(let table): try statements(for: table, existing: existing(table.name))
        case .index(let index, let table): [try self.index(index, on: table)]
        case .sql(let sqlite, let postgres): dialect == .sqlite ? sqlite : postgres
        }
    }

    /// The statements that make a table or add to it what is missing.
    func statements(for table: SQLTable, existing: ExistingTable?) throws -> [String] {
        try check(table)
        var statements: [String] = []
        if let existing {
            for column in table.columns where !existing.columns.contains(column.name) {
                statements.append(try addition(of: column, to: table))
            }
        } else {
            if dialect == .postgres, let dot = table.name.firstIndex(of: ".") {
                statements.append("CREATE SCHEMA IF NOT EXISTS \(SQLIdentifier.quoted(String(table.name[..<dot])))")
            }
            statements.append(try creation(of: table))
            if dialect == .postgres { statements += AccessPlanner(table: table).statements }
        }
        for index in table.indexes {
            let name = try self.name(of: index, on: table.name)
            if existing?.indexes.contains(name) != true { statements.append(try self.index(index, on: table.name)) }
        }
        return statements
    }

    private func creation(of table: SQLTable) throws -> String {
        var parts = table.columns.map { columnDefinition($0) }
        if !table.primaryKey.isEmpty { parts.append("PRIMARY KEY (\(list(table.primaryKey)))") }
        parts += table.checks.map { "CHECK (\($0))" }
        let name = SQLIdentifier.quotedTable(table.name, dialect)
        var options: [String] = []
        let isStrict =
            dialect == .sqlite
            && !table.columns.contains { column in
                if case .other = column.type { true } else { false }
            }
        // SQLite takes any value for any type unless the table is STRICT.
        if isStrict { options.append("STRICT") }
        if dialect == .sqlite, table.isOrderedByKey { options.append("WITHOUT ROWID") }
        let end = options.isEmpty ? "" : " " + options.joined(separator: ", ")
        return "CREATE TABLE IF NOT EXISTS \(name) (\(parts.joined(separator: ", ")))" + end
    }

    private func addition(of column: SQLColumn, to table: SQLTable) throws -> String {
        var isConstant = false
        if case .value(let value) = column.defaultValue, value != .null { isConstant = true }
        let isAddable = column.isNullable ? column.defaultValue != .now : isConstant && column.reference == nil
        guard isAddable, column.type != .identity, !table.primaryKey.contains(column.name) else {
            throw SQLError(
                .schemaUnsuitable,
                """
                table \(table.name) is there without the column \(column.name), which can only be added when it may be null \
                or has a constant default: add it by hand, or give the table another name
                """
            )
        }
        let ifMissing = dialect == .postgres ? "IF NOT EXISTS " : ""
        let name = SQLIdentifier.quotedTable(table.name, dialect)
        return "ALTER TABLE \(name) ADD COLUMN \(ifMissing)\(columnDefinition(column))"
    }

    private func columnDefinition(_ column: SQLColumn) -> String {
        let name = SQLIdentifier.quoted(column.name)
        var text = "\(name) \(typeName(column.type))"
        if column.type == .identity { return text }
        if !column.isNullable { text += " NOT NULL" }
        switch column.defaultValue {
        case nil: break
        case .value(let value): text += " DEFAULT \(SQLLiteral.value(value, dialect))"
        case .now: text += " DEFAULT (\(RenderedSQL(.now, for: dialect).text))"
        }
        if let check = column.check { text += " CHECK (\(check))" }
        if dialect == .sqlite, let check = valueCheck(of: column.type, name) { text += " CHECK (\(check))" }
        if let reference = column.reference {
            let table = SQLIdentifier.quotedTable(reference.table, dialect)
            text += " REFERENCES \(table) (\(SQLIdentifier.quoted(reference.column)))"
            text += " ON DELETE \(reference.onRemoval.rawValue)"
        }
        return text
    }

    private func typeName(_ type: SQLColumnType) -> String {
        let isSQLite = dialect == .sqlite
        return switch type {
        case .uuid: isSQLite ? "TEXT" : "UUID"
        case .text: "TEXT"
        case .integer: "INTEGER"
        case .bigint: isSQLite ? "INTEGER" : "BIGINT"
        case .double: isSQLite ? "REAL" : "DOUBLE PRECISION"
        case .boolean: isSQLite ? "INTEGER" : "BOOLEAN"
        case .timestamp: isSQLite ? "TEXT" : "TIMESTAMPTZ"
        case .json: isSQLite ? "TEXT" : "JSONB"
        case .bytes: isSQLite ? "BLOB" : "BYTEA"
        // Without AUTOINCREMENT the number of the last row is given again when that was removed.
        case .identity:
            isSQLite ? "INTEGER PRIMARY KEY AUTOINCREMENT" : "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
        case .other(let sqlite, let postgres): isSQLite ? sqlite : postgres
        }
    }

    /// What PostgreSQL's types see to by themselves.
    private func valueCheck(of type: SQLColumnType, _ name: String) -> String? {
        switch type {
        case .boolean: "\(name) IN (0, 1)"
        // NULL is not valid to every release of SQLite.
        case .json: "\(name) IS NULL OR json_valid(\(name))"
        case .timestamp: "length(\(name)) = 24"
        case .uuid: "length(\(name)) = 36 AND \(name) = lower(\(name))"
        default: nil
        }
    }

    private func index(_ index: SQLIndex, on table: String) throws -> String {
        let name = SQLIdentifier.quoted(try name(of: index, on: table))
        let columns = index.columns.map { isName($0) ? SQLIdentifier.quoted($0) : $0 }.joined(separator: ", ")
        var text = "CREATE \(index.isUnique ? "UNIQUE " : "")INDEX IF NOT EXISTS \(name)"
        text += " ON \(SQLIdentifier.quotedTable(table, dialect)) (\(columns))"
        if let condition = index.condition { text += " WHERE \(condition)" }
        return text
    }

    private func name(of index: SQLIndex, on table: String) throws -> String {
        let columns = index.columns.map { column in
            String(column.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
        }
        let name =
            index.name
            ?? ([SQLIdentifier.plain(table)] + columns + [index.isUnique ? "key" : "index"]).joined(separator: "_")
        guard (1...Self.nameBytesMax).contains(name.utf8.count) else {
            throw SQLError(.invalid, "an index of table \(table) needs a name of at most \(Self.nameBytesMax) bytes")
        }
        return name
    }

    private func check(_ table: SQLTable) throws {
        let names = [SQLIdentifier.plain(table.name)] + table.columns.map(\.name)
        guard names.allSatisfy({ (1...Self.nameBytesMax).contains($0.utf8.count) && !$0.utf8.contains(0) }) else {
            throw SQLError(.invalid, "table \(table.name): names have 1 to \(Self.nameBytesMax) bytes")
        }
        let columns = Set(table.columns.map(\.name))
        guard columns.count == table.columns.count, !columns.isEmpty else {
            throw SQLError(.invalid, "table \(table.name) has no columns, or two of one name")
        }
        let identities = table.columns.count { $0.type == .identity }
        guard identities <= 1, table.primaryKey.isEmpty || identities == 0, columns.isSuperset(of: table.primaryKey)
        else {
            throw SQLError(.invalid, "table \(table.name) has more than one primary key, or one of unknown columns")
        }
        guard !table.isOrderedByKey || !table.primaryKey.isEmpty else {
            throw SQLError(.invalid, "table \(table.name) has no key to be ordered by")
        }
        guard table.name.split(separator: ".", omittingEmptySubsequences: false).count <= 2 else {
            throw SQLError(.invalid, "table \(table.name) has more than one dot in its name")
        }
    }

    private func isName(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5f
        }
    }

    private func list(_ names: [String]) -> String {
        names.map(SQLIdentifier.quoted).joined(separator: ", ")
    }
}
