import Foundation
import Testing

@testable import PostriderSQL

@Suite struct SchemaPlannerTests {
    private let turns = SQLTable(
        "memories.turns",
        columns: [
            SQLColumn("id", .uuid),
            SQLColumn("user_id", .uuid),
            SQLColumn("role", .text, default: .value(.text("user")), check: "role IN ('user', 'assistant')"),
            SQLColumn("extra", .json, isNullable: true),
            SQLColumn("is_scrubbed", .boolean, default: .value(.boolean(false))),
            SQLColumn("created_at", .timestamp, default: .now),
            SQLColumn("session_id", .bigint, references: SQLReference("memories.sessions", onRemoval: .cascade)),
        ],
        primaryKey: ["id"],
        checks: ["role <> ''"],
        indexes: [SQLIndex(["session_id", "created_at DESC"]), .unique(["role"], where: "is_scrubbed")],
        access: .ownerReads("user_id")
    )

    @Test func aMissingTableIsMadeOnSQLite() throws {
        let statements = try SchemaPlanner(dialect: .sqlite).statements(for: turns, existing: nil)
        #expect(
            statements == [
                """
                CREATE TABLE IF NOT EXISTS "memories_turns" (\
                "id" TEXT NOT NULL CHECK (length("id") = 36 AND "id" = lower("id")), \
                "user_id" TEXT NOT NULL CHECK (length("user_id") = 36 AND "user_id" = lower("user_id")), \
                "role" TEXT NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'assistant')), \
                "extra" TEXT CHECK ("extra" IS NULL OR json_valid("extra")), \
                "is_scrubbed" INTEGER NOT NULL DEFAULT 0 CHECK ("is_scrubbed" IN (0, 1)), \
                "created_at" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (length("created_at") = 24), \
                "session_id" INTEGER NOT NULL REFERENCES "memories_sessions" ("id") ON DELETE CASCADE, \
                PRIMARY KEY ("id"), CHECK (role <> '')) STRICT
                """,
                #"""
                CREATE INDEX IF NOT EXISTS "memories_turns_session_id_created_at_desc_index" ON "memories_turns" \#
                ("session_id", created_at DESC)
                """#,
                #"""
                CREATE UNIQUE INDEX IF NOT EXISTS "memories_turns_role_key" ON "memories_turns" ("role") \#
                WHERE is_scrubbed
                """#,
            ]
        )
    }

    @Test func aMissingTableIsMadeOnPostgreSQLWithItsSchemaAndRowLevelSecurity() throws {
        let statements = try SchemaPlanner(dialect: .postgres).statements(for: turns, existing: nil)
        #expect(statements.count == 6)
        #expect(statements[0] == #"CREATE SCHEMA IF NOT EXISTS "memories""#)
        #expect(statements[1].hasPrefix(#"CREATE TABLE IF NOT EXISTS "memories"."turns" ("id" UUID NOT NULL, "#))
        #expect(statements[1].contains(#""created_at" TIMESTAMPTZ NOT NULL DEFAULT (now())"#))
        #expect(statements[2] == #"ALTER TABLE "memories"."turns" ENABLE ROW LEVEL SECURITY"#)
        #expect(statements[3].contains(#"FOR SELECT USING ("user_id" = (SELECT auth.uid()))"#))
    }

    @Test func rowsInTheOrderOfTheirKeyAreSQLitesAlone() throws {
        let table = SQLTable("t", columns: [SQLColumn("id", .text)], primaryKey: ["id"], isOrderedByKey: true)
        #expect(
            try SchemaPlanner(dialect: .sqlite).statements(for: table, existing: nil) == [
                #"CREATE TABLE IF NOT EXISTS "t" ("id" TEXT NOT NULL, PRIMARY KEY ("id")) STRICT, WITHOUT ROWID"#
            ]
        )
        #expect(
            try SchemaPlanner(dialect: .postgres).statements(for: table, existing: nil).first
                == #"CREATE TABLE IF NOT EXISTS "t" ("id" TEXT NOT NULL, PRIMARY KEY ("id"))"#
        )
    }

    @Test func nobodyElseGetsAPolicyByDefault() throws {
        let table = SQLTable("t", columns: [SQLColumn("id", .identity)])
        let statements = try SchemaPlanner(dialect: .postgres).statements(for: table, existing: nil)
        #expect(statements.last == #"ALTER TABLE "t" ENABLE ROW LEVEL SECURITY"#)
        #expect(statements.count == 2)
    }

    @Test(arguments: SQLDialect.allCases)
    func aTableThatHasEverythingIsLeftAlone(dialect: SQLDialect) throws {
        let existing = ExistingTable(
            columns: Set(turns.columns.map(\.name) + ["own"]),
            indexes: ["memories_turns_session_id_created_at_desc_index", "memories_turns_role_key"]
        )
        #expect(try SchemaPlanner(dialect: dialect).statements(for: turns, existing: existing) == [])
    }

    @Test func missingColumnsAndIndexesAreAdded() throws {
        let names = Set(turns.columns.map(\.name)).subtracting(["extra", "is_scrubbed"])
        let existing = ExistingTable(columns: names, indexes: ["memories_turns_role_key"])
        #expect(
            try SchemaPlanner(dialect: .postgres).statements(for: turns, existing: existing) == [
                #"ALTER TABLE "memories"."turns" ADD COLUMN IF NOT EXISTS "extra" JSONB"#,
                #"ALTER TABLE "memories"."turns" ADD COLUMN IF NOT EXISTS "is_scrubbed" BOOLEAN NOT NULL DEFAULT FALSE"#,
                #"""
                CREATE INDEX IF NOT EXISTS "memories_turns_session_id_created_at_desc_index" \#
                ON "memories"."turns" ("session_id", created_at DESC)
                """#,
            ]
        )
    }

    @Test(arguments: ["user_id", "created_at", "session_id", "id"], SQLDialect.allCases)
    func aColumnThatRowsCannotDoWithoutIsNotAdded(name: String, dialect: SQLDialect) throws {
        let existing = ExistingTable(columns: Set(turns.columns.map(\.name)).subtracting([name]), indexes: [])
        let error = #expect(throws: SQLError.self) {
            try SchemaPlanner(dialect: dialect).statements(for: turns, existing: existing)
        }
        #expect(error?.code == .schemaUnsuitable)
        #expect(error?.detail.contains(name) == true)
    }

    @Test(arguments: [
        SQLTable("a.b.c", columns: [SQLColumn("id", .identity)]), SQLTable("t", columns: []),
        SQLTable("t", columns: [SQLColumn("a", .text), SQLColumn("a", .text)]),
        SQLTable("t", columns: [SQLColumn("a", .identity), SQLColumn("b", .text)], primaryKey: ["b"]),
        SQLTable("t", columns: [SQLColumn("a", .text)], primaryKey: ["b"]),
        SQLTable("t", columns: [SQLColumn("a", .identity)], isOrderedByKey: true),
        SQLTable("t", columns: [SQLColumn(String(repeating: "a", count: 64), .text)]),
        SQLTable(String(repeating: "t", count: 60), columns: [SQLColumn("a", .text)], indexes: [SQLIndex(["a"])]),
    ])
    func aDeclarationThatContradictsItselfIsRefused(table: SQLTable) {
        let error = #expect(throws: SQLError.self) {
            try SchemaPlanner(dialect: .sqlite).statements(for: table, existing: nil)
        }
        #expect(error?.code == .invalid)
    }

    @Test func thePrintedTextRecordsWhatItDoes() throws {
        let migrations = SQLMigrations(namespace: "trips", [SQLMigration("it's first", [.table(turns)])])
        let text = try migrations.text(for: .postgres)
        #expect(text.contains(#"CREATE TABLE IF NOT EXISTS "postrider_migration""#))
        #expect(text.contains("VALUES ('trips', 1, 'it''s first') ON CONFLICT DO NOTHING;"))
        #expect(text.components(separatedBy: ";\n").count > 7)
    }

    @Test(arguments: ["", "Trips", "a-b", "a;b"])
    func aNamespaceIsAPlainWord(namespace: String) {
        #expect(throws: SQLError.self) { try SQLMigrations(namespace: namespace, []).text(for: .sqlite) }
    }
}
