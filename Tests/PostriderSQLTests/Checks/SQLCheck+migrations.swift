import PostriderSQL
import Testing

extension SQLCheck {
    private static func columns(of table: String, in database: SQLDatabase) async throws -> Set<String> {
        try await database.transaction { transaction in
            let part = SQL("\(table: table)")
            let row = try transaction.row("SELECT * FROM \(part)")
            return Set(try #require(row).columns)
        }
    }

    static let migrations: [SQLCheck] = [
        SQLCheck("migrations are made once, and later ones after them") { bed in
            let item = bed.table("item")
            let first = SQLMigration("item", [.table(SQLTable(item, columns: [SQLColumn("id", .text)]))])
            let insertion = "INSERT INTO \(bed.name)_item VALUES ('a')"
            let second = SQLMigration(
                "row",
                [.sql(sqlite: [insertion], postgres: ["INSERT INTO \(bed.name).item VALUES ('a')"])]
            )
            try await bed.database.migrate(SQLMigrations(namespace: bed.name, [first]))
            for _ in 0..<2 { try await bed.database.migrate(SQLMigrations(namespace: bed.name, [first, second])) }
            #expect(try await bed.ids() == ["a"])
            let name = bed.name
            let rows = try await bed.database.read { transaction in
                try transaction.rows(
                    "SELECT number, name FROM postrider_migration WHERE namespace = \(name) ORDER BY number"
                ).map { [try $0.value(at: 0, as: Int.self).description, try $0.value(at: 1)] }
            }
            #expect(rows == [["1", "item"], ["2", "row"]])
        },
        SQLCheck("a migration that fails leaves nothing") { bed in
            let wrong = SQLMigrations(
                namespace: bed.name,
                [
                    SQLMigration("item", [.table(SQLTable(bed.table("item"), columns: [SQLColumn("id", .text)]))]),
                    SQLMigration("wrong", [.sql(sqlite: ["SELEKT"], postgres: ["SELEKT"])]),
                ]
            )
            #expect(await sqlCode { try await bed.database.migrate(wrong) } == .invalid)
            #expect(await sqlCode { _ = try await bed.ids() } == .invalid)
            try await bed.makeItems()
            #expect(try await bed.ids() == [])
        },
        SQLCheck("a newer database and another history are refused") { bed in
            let empty = (1...3).map { SQLMigration("step \($0)", []) }
            try await bed.database.migrate(SQLMigrations(namespace: bed.name, empty))
            let old = SQLMigrations(namespace: bed.name, Array(empty.prefix(2)))
            #expect(await sqlCode { try await bed.database.migrate(old) } == .schemaTooNew)
            let other = SQLMigrations(namespace: bed.name, [empty[0], SQLMigration("other", []), empty[2]])
            #expect(await sqlCode { try await bed.database.migrate(other) } == .schemaUnsuitable)
        },
        SQLCheck("two that migrate at once make each migration once") { bed in
            let database = bed.database
            let steps = (1...5).map { number in
                SQLMigration(
                    "step \(number)",
                    [.table(SQLTable(bed.table("t\(number)"), columns: [SQLColumn("id", .identity)]))]
                )
            }
            let wanted = SQLMigrations(namespace: bed.name, steps)
            try await withThrowingTaskGroup { group in
                for _ in 0..<4 { group.addTask { try await database.migrate(wanted) } }
                try await group.waitForAll()
            }
            let name = bed.name
            let count = try await database.read { transaction in
                try transaction.value(
                    "SELECT count(*) FROM postrider_migration WHERE namespace = \(name)",
                    as: Int.self
                )
            }
            #expect(count == 5)
        },
        SQLCheck("a table that is there gets what is missing and keeps the rest") { bed in
            let item = bed.table("item")
            try await bed.make(
                SQLTable(
                    item,
                    columns: [SQLColumn("id", .text), SQLColumn("own", .integer, default: .value(.integer(5)))]
                )
            )
            let part = bed.item
            _ = try await bed.database.transaction { try $0.execute("INSERT INTO \(part) (id) VALUES ('a')") }
            let wanted = SQLTable(
                item,
                columns: [
                    SQLColumn("id", .uuid), SQLColumn("note", .text, isNullable: true),
                    SQLColumn("tries", .integer, default: .value(.integer(3))),
                ],
                indexes: [.unique(["id"]), SQLIndex(["note", "id DESC"], where: "note IS NOT NULL")]
            )
            let migrations = SQLMigrations(namespace: "\(bed.name)_more", [SQLMigration("more", [.table(wanted)])])
            try await bed.database.migrate(migrations)
            #expect(try await columns(of: item, in: bed.database) == ["id", "own", "note", "tries"])
            let row = try await bed.database.read { try $0.row("SELECT own, note, tries FROM \(part)") }
            #expect(row?.values == [.integer(5), .null, .integer(3)])
            #expect(
                await sqlCode {
                    _ = try await bed.database.transaction { try $0.execute("INSERT INTO \(part) (id) VALUES ('a')") }
                } == .conflict
            )
        },
        SQLCheck("a column that cannot be added to a table is named") { bed in
            let item = bed.table("item")
            try await bed.make(SQLTable(item, columns: [SQLColumn("id", .text)]))
            let wanted = SQLTable(item, columns: [SQLColumn("owner", .uuid)])
            let migrations = SQLMigrations(namespace: "\(bed.name)_more", [SQLMigration("more", [.table(wanted)])])
            #expect(await sqlCode { try await bed.database.migrate(migrations) } == .schemaUnsuitable)
        },
        SQLCheck("the numbers of removed rows are not given again") { bed in
            try await bed.make(
                SQLTable(bed.table("item"), columns: [SQLColumn("id", .identity), SQLColumn("w", .text)])
            )
            let item = bed.item
            let last = try await bed.database.transaction { transaction in
                try transaction.execute("INSERT INTO \(item) (w) VALUES ('a'), ('b')")
                try transaction.execute("DELETE FROM \(item)")
                return try transaction.value("INSERT INTO \(item) (w) VALUES ('c') RETURNING id", as: Int.self)
            }
            #expect(last == 3)
        },
    ]
}
