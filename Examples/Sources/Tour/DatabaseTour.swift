package import Foundation
package import PostriderSQL

/// An application's data, in SQLite or PostgreSQL.
package enum DatabaseTour {
    /// The database that the environment names, with its schema up to date.
    package static func open(environment: [String: String], dataFolder: String) async throws -> SQLDatabase {
        let location = try SQLLocation(environment: environment, dataFolder: dataFolder)
        let database = try await SQLDatabase.open(location)
        try await database.migrate(Self.migrations)
        return database
    }

    /// The schema; only ever added to.
    package static let migrations = SQLMigrations(
        namespace: "shop",
        [
            SQLMigration(
                "orders",
                [
                    .table(
                        SQLTable(
                            "orders",
                            columns: [
                                SQLColumn("id", .text),
                                SQLColumn("owner_id", .uuid),
                                SQLColumn("cents", .bigint, check: "cents > 0"),
                                SQLColumn("status", .text, default: .value(.text("open"))),
                                SQLColumn("items", .json, isNullable: true),
                                SQLColumn("created_at", .timestamp, default: .now),
                            ],
                            primaryKey: ["id"],
                            indexes: [SQLIndex(["owner_id", "created_at DESC"])],
                            access: .ownerReads("owner_id")
                        )
                    )
                ]
            ),
            SQLMigration(
                "payments",
                [
                    .table(
                        SQLTable(
                            "payments",
                            columns: [
                                SQLColumn("id", .identity),
                                SQLColumn("order_id", .text, references: SQLReference("orders", onRemoval: .cascade)),
                                SQLColumn("paid_at", .timestamp),
                            ],
                            indexes: [.unique(["order_id"])]
                        )
                    )
                ]
            ),
        ]
    )

    /// A transaction: both rows, or neither.
    package static func pay(_ database: SQLDatabase, order id: String, at now: Date) async throws -> Bool {
        let wasOpen = try await database.transaction { tx in
            let changed = try tx.execute("UPDATE orders SET status = 'paid' WHERE id = \(id) AND status = 'open'")
            guard changed == 1 else { return false }
            try tx.execute("INSERT INTO payments (order_id, paid_at) VALUES (\(id), \(now))")
            try tx.notify("orders", id)
            return true
        }
        return wasOpen
    }

    /// Values become parameters, also lists of them.
    package static func insert(_ database: SQLDatabase, ids: [String], owner: UUID, items: [String]) async throws {
        let json = try SQLJSON(items)
        try await database.transaction { tx in
            for id in ids {
                try tx.execute(
                    "INSERT INTO orders (id, owner_id, cents, items) VALUES (\(id), \(owner), \(1_250), \(json))"
                )
            }
        }
    }

    /// Reading.
    package static func totals(_ database: SQLDatabase, ids: [String]) async throws -> [String: Int] {
        let totals = try await database.read { tx in
            var totals: [String: Int] = [:]
            try tx.forEach("SELECT id, cents FROM orders WHERE id IN (\(list: ids)) ORDER BY id") { row in
                totals[try row.value("id")] = try row.value("cents")
            }
            return totals
        }
        return totals
    }

    /// Types of a row; of an optional type, NULL is nil.
    package static func items(_ database: SQLDatabase, order id: String) async throws -> [String]? {
        try await database.read { tx in
            guard let row = try tx.row("SELECT items, created_at FROM orders WHERE id = \(id)") else { return nil }
            let createdAt: Date = try row.value("created_at")
            let items: SQLJSON? = try row.value("items")
            return createdAt < .distantFuture ? try items?.decoded() : nil
        }
    }

    /// A row that nobody else changes until the end.
    package static func claim(_ database: SQLDatabase) async throws -> String? {
        try await database.transaction { tx in
            let next: SQL = "SELECT id FROM orders WHERE status = 'open' ORDER BY created_at, id LIMIT 1"
            guard let id = try tx.value(next + tx.forUpdateSkippingLocked, as: String.self) else { return nil }
            try tx.execute("UPDATE orders SET status = 'packing' WHERE id = \(id)")
            return id
        }
    }

    /// What may fail without ending the whole.
    package static func insertNew(_ database: SQLDatabase, id: String, owner: UUID) async throws -> Bool {
        try await database.transaction { tx in
            do {
                return try tx.savepoint {
                    try tx.execute("INSERT INTO orders (id, owner_id, cents) VALUES (\(id), \(owner), \(1))")
                    return true
                }
            } catch let error as SQLError where error.code == .conflict {
                return false
            }
        }
    }

    /// Statements that the two databases write differently.
    package static func older(_ database: SQLDatabase, thanDays days: Int) async throws -> Int {
        try await database.read { tx in
            let age: SQL = """
                \(sqlite: "julianday('now') - julianday(created_at)",
                postgres: "extract(epoch FROM now() - created_at) / 86400")
                """
            return try tx.value("SELECT count(*) FROM orders WHERE \(age) > \(days)", as: Int.self) ?? 0
        }
    }

    /// Changes, as others commit them.
    package static func watch(_ database: SQLDatabase, _ seen: @Sendable (String) async -> Bool) async {
        for await notification in database.notifications(on: "orders") {
            switch notification {
            case .payload(let id): if await !seen(id) { return }
            case .mayHaveMissed: continue  // look at the table itself
            }
        }
    }

    /// The SQL for those who apply it with a tool of their own.
    package static func text() throws -> String {
        try migrations.text(for: .postgres)
    }
}
