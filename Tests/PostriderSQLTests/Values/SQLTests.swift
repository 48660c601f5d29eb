import Testing

@testable import PostriderSQL

@Suite struct SQLTests {
    @Test func valuesBecomeParametersOfEachDatabase() {
        let name: String? = nil
        let sql: SQL = "UPDATE t SET a = \(5), b = \(name) WHERE c IN (\(list: ["x", "y"])) AND \(raw: "d") = \(true)"
        let sqlite = RenderedSQL(sql, for: .sqlite)
        #expect(sqlite.text == "UPDATE t SET a = ?, b = ? WHERE c IN (?, ?) AND d = ?")
        let postgres = RenderedSQL(sql, for: .postgres)
        #expect(postgres.text == "UPDATE t SET a = $1, b = $2 WHERE c IN ($3, $4) AND d = $5")
        let values: [SQLValue] = [.integer(5), .null, .text("x"), .text("y"), .boolean(true)]
        #expect(sqlite.values == values)
        #expect(postgres.values == values)
    }

    @Test func tablesAndWhatIsSaidDifferentlyFollowTheDatabase() {
        let sql: SQL =
            "SELECT \(SQL.now) FROM \(table: "memories.turns") \(sqlite: "a\(1)", postgres: "b\(2) c\(3)") \(4)"
        let sqlite = RenderedSQL(sql, for: .sqlite)
        #expect(sqlite.text == #"SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now') FROM "memories_turns" a? ?"#)
        #expect(sqlite.values == [.integer(1), .integer(4)])
        let postgres = RenderedSQL(sql, for: .postgres)
        #expect(postgres.text == #"SELECT now() FROM "memories"."turns" b$1 c$2 $3"#)
        #expect(postgres.values == [.integer(2), .integer(3), .integer(4)])
    }

    @Test func partsAreJoined() {
        var sql: SQL = "a = \(1)"
        sql += " AND " + [SQL("b = \(2)"), "c"].joined(separator: " OR ")
        #expect(RenderedSQL(sql, for: .postgres).text == "a = $1 AND b = $2 OR c")
        #expect(RenderedSQL([].joined(separator: ","), for: .sqlite).text.isEmpty)
    }

    @Test func namesAreQuoted() {
        #expect(SQLIdentifier.quoted("a\"b") == "\"a\"\"b\"")
        #expect(SQLIdentifier.quotedTable("a.b", .sqlite) == "\"a_b\"")
    }

    @Test func constantsAreWrittenAsEachDatabaseReadsThem() {
        #expect(SQLLiteral.value(.text("it's"), .sqlite) == "'it''s'")
        // A quotation mark with a combining mark is one Character, and still a quotation mark.
        #expect(Array(SQLLiteral.text("a'\u{301}b").unicodeScalars) == Array("'a''\u{301}b'".unicodeScalars))
        #expect(Array(SQLIdentifier.quoted("a\"\u{301}b").unicodeScalars) == Array("\"a\"\"\u{301}b\"".unicodeScalars))
        #expect(SQLLiteral.value(.bytes([0, 255]), .sqlite) == "x'00ff'")
        #expect(SQLLiteral.value(.bytes([0, 255]), .postgres) == "'\\x00ff'::bytea")
        #expect(SQLLiteral.value(.boolean(true), .sqlite) == "1")
        #expect(SQLLiteral.value(.boolean(true), .postgres) == "TRUE")
    }

    @Test(
        arguments: [
            "commit", " ;COMMIT", "Begin immediate", "END", "rollback", "ROLLBACK;", "start transaction", "/**/COMMIT",
            "-- so\n COMMIT", "/* -- */ ; /* */ COMMIT", "COMMIT/**/", "rollback work", "rollback/* to */", "abort--",
        ],
        SQLDialect.allCases
    )
    func nobodyEndsATransactionByHand(text: String, dialect: SQLDialect) {
        #expect(throws: SQLError.self) { try TransactionControl.forbid(in: text, dialect) }
    }

    @Test(
        arguments: [
            "SELECT 1", "SAVEPOINT a", "rollback to savepoint a", "ROLLBACK /* */ TO a", "rollback transaction to a",
            "endless", "", "  ", "/* COMMIT", "-- COMMIT", "/* COMMIT */ SELECT 1", "(COMMIT)",
        ],
        SQLDialect.allCases
    )
    func otherStatementsArePassed(text: String, dialect: SQLDialect) {
        #expect(throws: Never.self) { try TransactionControl.forbid(in: text, dialect) }
    }

    @Test func commentsWithinCommentsFollowTheDatabase() {
        let (open, whole) = ("/* /* */ COMMIT", "/* /* */ */ COMMIT")
        #expect(throws: SQLError.self) { try TransactionControl.forbid(in: open, .sqlite) }
        #expect(throws: Never.self) { try TransactionControl.forbid(in: open, .postgres) }
        #expect(throws: SQLError.self) { try TransactionControl.forbid(in: whole, .postgres) }
    }
}
