#if Postgres
import Foundation
import Logging
import PostriderPostgres
import PostriderSQL
import Subprocess
import Testing

/// Needs a database of its own, in which `auth.uid()` can be made, and roles.
@Suite(.serialized) struct RowLevelSecurityTests {
    private let owner = "11111111-1111-4111-8111-111111111111"
    private let other = "22222222-2222-4222-8222-222222222222"

    private let tables = [
        SQLTable(
            "own_read",
            columns: [SQLColumn("id", .identity), SQLColumn("user_id", .uuid)],
            access: .ownerReads("user_id")
        ),
        SQLTable(
            "own_write",
            columns: [SQLColumn("id", .identity), SQLColumn("user_id", .text)],
            access: .ownerWrites("user_id")
        ),
        SQLTable("hidden", columns: [SQLColumn("id", .identity), SQLColumn("user_id", .uuid)]),
        SQLTable(
            "shared",
            columns: [SQLColumn("id", .identity), SQLColumn("user_id", .uuid)],
            access: .usersRead(where: "auth.uid() IS NOT NULL")
        ),
    ]

    /// Works in a new database, in which a user and an anonymous visitor may ask every table for everything.
    private func withDatabase(hasUserFunction: Bool, _ body: (SQLDatabase) async throws -> Void) async throws {
        let name = "rls_\(UUID().uuidString.lowercased().replacing("-", with: "_"))"
        let url = try SQLBackend.url("POSTGRES_SUPERUSER")
        let path = try #require(url.range(of: "/", options: .backwards))
        // CREATE DATABASE runs in no transaction, for which the seam has no way: the pool does it.
        try await run(url, ["CREATE DATABASE \(name)"])
        let ownURL = url.replacingCharacters(in: path.upperBound..<url.endIndex, with: name)
        if hasUserFunction {
            try await run(
                ownURL,
                [
                    "CREATE SCHEMA auth",
                    """
                    CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE
                    AS $$ SELECT nullif(current_setting('test.user', true), '')::uuid $$
                    """,
                    "CREATE ROLE \(name) NOLOGIN", "GRANT USAGE ON SCHEMA auth, public TO \(name)",
                ]
            )
        } else {
            try await run(ownURL, ["CREATE ROLE \(name) NOLOGIN"])
        }
        try await run(
            ownURL,
            [
                "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO \(name)",
                "ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO \(name)",
            ]
        )
        let database = try await SQLDatabase.open(.postgres(url: ownURL))
        let steps = tables.map { SQLMigrationStep.table($0) }
        try await database.migrate(SQLMigrations(namespace: "rls", [SQLMigration("tables", steps)]))
        let users = [owner, other]
        try await database.transaction { transaction in
            for table in ["own_read", "own_write", "hidden", "shared"] {
                for user in users {
                    try transaction.execute("INSERT INTO \(identifier: table) (user_id) VALUES (\(user))")
                }
            }
        }
        try await body(database)
        try await database.close()
        try await run(ownURL, ["DROP OWNED BY \(name)"])
        try await run(url, ["DROP DATABASE \(name) WITH (FORCE)", "DROP ROLE \(name)"])
    }

    private func run(_ url: String, _ statements: [String]) async throws {
        var limits = PostgresLimits()
        // A machine that is busy must not reach them.
        limits.acquireTimeout = .seconds(120)
        limits.connectTimeout = .seconds(60)
        limits.statementTimeout = .seconds(120)
        let pool = PostgresPool(try PostgresConfiguration(url, limits: limits), logger: Logger(label: "test"))
        do {
            for statement in statements { try await pool.query(PostgresStatement(statement)) }
        } catch {
            await pool.shutDown()
            throw error
        }
        await pool.shutDown()
    }

    /// The rows of each table that a visitor sees, and whether each may be changed.
    private func seen(by user: String, in database: SQLDatabase) async throws -> [String: Int] {
        try await database.transaction { transaction in
            let role = try transaction.value("SELECT current_database()::text", as: String.self) ?? ""
            try transaction.execute("SET LOCAL ROLE \(identifier: role)")
            _ = try transaction.rows("SELECT set_config('test.user', \(user), true)")
            var counts: [String: Int] = [:]
            for table in ["own_read", "own_write", "hidden", "shared", "postrider_migration"] {
                counts[table] = try transaction.value("SELECT count(*) FROM \(identifier: table)", as: Int.self)
            }
            return counts
        }
    }

    private func changed(_ table: String, by user: String, in database: SQLDatabase) async throws -> Int {
        try await database.transaction { transaction in
            let role = try transaction.value("SELECT current_database()::text", as: String.self) ?? ""
            try transaction.execute("SET LOCAL ROLE \(identifier: role)")
            _ = try transaction.rows("SELECT set_config('test.user', \(user), true)")
            return try transaction.execute("UPDATE \(identifier: table) SET id = id")
        }
    }

    @Test func usersSeeAndChangeWhatIsTheirsAndVisitorsNothing() async throws {
        try await withDatabase(hasUserFunction: true) { database in
            let mine = ["own_read": 1, "own_write": 1, "hidden": 0, "shared": 2, "postrider_migration": 0]
            let (owners, others) = (try await seen(by: owner, in: database), try await seen(by: other, in: database))
            #expect(owners == mine)
            #expect(others == mine)
            let visitors = try await seen(by: "", in: database)
            #expect(visitors.values.reduce(0, +) == 0)
            let changes = [
                try await changed("own_write", by: owner, in: database),
                try await changed("own_read", by: owner, in: database),
                try await changed("hidden", by: owner, in: database),
                try await changed("own_write", by: "", in: database),
            ]
            #expect(changes == [1, 0, 0, 0])
            // The service itself.
            let all = try await database.read { try $0.value("SELECT count(*) FROM hidden", as: Int.self) }
            #expect(all == 2)
        }
    }

    @Test func withoutAUserFunctionNobodyElseSeesARow() async throws {
        try await withDatabase(hasUserFunction: false) { database in
            let counts = try await seen(by: owner, in: database)
            #expect(counts.count == 5)
            #expect(counts.values.reduce(0, +) == 0)
            let change = try await changed("own_write", by: owner, in: database)
            #expect(change == 0)
        }
    }

    @Test func thePrintedTextCanBeAppliedTwiceAndCountsAsDone() async throws {
        try await withDatabase(hasUserFunction: true) { database in
            let extra = SQLTable(
                "extra",
                columns: [SQLColumn("id", .identity), SQLColumn("user_id", .uuid)],
                access: .ownerReads("user_id")
            )
            let migrations = SQLMigrations(namespace: "extra", [SQLMigration("extra", [.table(extra)])])
            let text = try migrations.text(for: .postgres)
            let name = try await database.read {
                try $0.value("SELECT current_database()::text", as: String.self) ?? ""
            }
            let url = try SQLBackend.url("POSTGRES_SUPERUSER")
            let path = try #require(url.range(of: "/", options: .backwards))
            for _ in 0..<2 {
                let own = url.replacingCharacters(in: path.upperBound..<url.endIndex, with: name)
                // Several statements in one text, as its reader would apply it.
                let result = try await Subprocess.run(
                    .name("psql"),
                    arguments: [own, "-q", "-v", "ON_ERROR_STOP=1", "-c", text],
                    output: .discarded,
                    error: .string(limit: 65_536)
                )
                #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
            }
            try await database.migrate(migrations)
            let count = try await database.read { transaction in
                try transaction.value("SELECT count(*) FROM pg_policy WHERE polrelid = 'extra'::regclass", as: Int.self)
            }
            #expect(count == 1)
        }
    }
}
#endif
