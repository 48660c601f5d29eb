#if Postgres
import PostriderPostgres
import Testing

@Suite struct PostgresTransactionTests {
    private struct Refusal: Error {}

    @Test(arguments: TestServer.Route.allCases)
    func commitsWhatReturnsAndRollsBackWhatThrows(route: TestServer.Route) async throws {
        try await TestServer.withPool(route) { pool in
            try await TestServer.withTable(pool, "n int PRIMARY KEY") { table in
                try await pool.withTransaction { session in
                    try session.execute("INSERT INTO \(table) VALUES (1)")
                    try session.execute("INSERT INTO \(table) VALUES (2)")
                }
                await #expect(throws: Refusal.self) {
                    try await pool.withTransaction { session in
                        try session.execute("INSERT INTO \(table) VALUES (3)")
                        throw Refusal()
                    }
                }
                let conflict = try await failure {
                    try await pool.withTransaction { session in
                        try session.execute("INSERT INTO \(table) VALUES (4)")
                        try session.execute("INSERT INTO \(table) VALUES (1)")
                    }
                }
                #expect(conflict.code == .serverError)
                #expect(conflict.sqlState == "23505")
                #expect(conflict.constraint == "\(table)_pkey")
                #expect(!conflict.isRetryable)
                #expect(try await Self.numbers(table, pool) == [1, 2])
            }
        }
    }

    @Test(arguments: TestServer.Route.allCases)
    func aSwallowedErrorCommitsNothing(route: TestServer.Route) async throws {
        try await TestServer.withPool(route) { pool in
            try await TestServer.withTable(pool, "n int") { table in
                let error = try await failure {
                    try await pool.withTransaction { session in
                        try session.execute("INSERT INTO \(table) VALUES (1)")
                        _ = try? session.query("SELECT 1 / 0")
                    }
                }
                #expect(error.sqlState == "25P02")
                #expect(try await Self.numbers(table, pool) == [])
            }
        }
    }

    @Test func aSavepointBringsTheTransactionBack() async throws {
        try await TestServer.withPool { pool in
            try await TestServer.withTable(pool, "n int") { table in
                try await pool.withTransaction { session in
                    try session.execute("INSERT INTO \(table) VALUES (1)")
                    try session.script("SAVEPOINT a")
                    _ = try? session.query("SELECT 1 / 0")
                    try session.script("ROLLBACK TO SAVEPOINT a")
                    try session.execute("INSERT INTO \(table) VALUES (2)")
                }
                #expect(try await Self.numbers(table, pool) == [1, 2])
            }
        }
    }

    @Test func aDeferredConstraintFailsAtTheCommitAndIsNotUncertain() async throws {
        try await TestServer.withPool { pool in
            try await TestServer.withTable(pool, "n int UNIQUE DEFERRABLE INITIALLY DEFERRED") { table in
                let error = try await failure {
                    try await pool.withTransaction { session in
                        try session.execute("INSERT INTO \(table) VALUES (1), (1)")
                    }
                }
                #expect(error.code == .serverError)
                #expect(error.sqlState == "23505")
                #expect(try await Self.numbers(table, pool) == [])
            }
        }
    }

    @Test func aClosureThatCommitsItselfIsToldSo() async throws {
        try await TestServer.withPool { pool in
            let error = try await failure { try await pool.withTransaction { session in try session.script("COMMIT") } }
            #expect(error.code == .protocolError)
            #expect(try await pool.query("SELECT 1").count == 1)
        }
    }

    @Test func aSessionIsOfNoUseAfterItsTransaction() async throws {
        try await TestServer.withPool { pool in
            let kept = KeptSession()
            try await pool.withTransaction { session in kept.session = session }
            let error = #expect(throws: PostgresError.self) { try kept.session?.query("SELECT 1") }
            #expect(error?.code == .protocolError)
        }
    }

    @Test(arguments: TestServer.Route.allCases)
    func settingsHoldInsideTheTransaction(route: TestServer.Route) async throws {
        try await TestServer.withPool(route, { $0.statementTimeout = .milliseconds(123_456) }) { pool in
            let settings = try await pool.withTransaction(.init(isolation: .serializable, isReadOnly: true)) {
                session in
                try ["statement_timeout", "lock_timeout", "TimeZone", "transaction_isolation", "transaction_read_only"]
                    .map {
                        try session.query("SELECT current_setting($1)", .text($0))[0].text(0)
                    }
            }
            #expect(settings == ["123456ms", "10s", "UTC", "serializable", "on"])
        }
    }

    @Test func readOnlyRefusesWrites() async throws {
        try await TestServer.withPool { pool in
            try await TestServer.withTable(pool, "n int") { table in
                let error = try await failure {
                    try await pool.withTransaction(.readOnly) { try $0.execute("INSERT INTO \(table) VALUES (1)") }
                }
                #expect(error.sqlState == "25006")
            }
        }
    }

    @Test func serializationFailuresMayBeTriedAgain() async throws {
        try await TestServer.withPool { pool in
            try await TestServer.withTable(pool, "n int") { table in
                try await pool.query(PostgresStatement("INSERT INTO \(table) VALUES (0)"))
                let kind = PostgresTransaction(isolation: .serializable)
                // Each adds one to what it has read: at least one of two at a time fails, or all is well.
                try await withThrowingTaskGroup { group in
                    for _ in 0..<8 {
                        group.addTask {
                            while true {
                                do {
                                    try await pool.withTransaction(kind) { session in
                                        let number = try session.query("SELECT n FROM \(table)")[0].int64(0) ?? 0
                                        try session.execute("UPDATE \(table) SET n = $1", .int64(number + 1))
                                    }
                                    return
                                } catch let error as PostgresError where error.isRetryable {
                                    #expect(error.sqlState == "40001" || error.sqlState == "40P01")
                                }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(try await Self.numbers(table, pool) == [8])
            }
        }
    }

    @Test func dataExceptionsDoNotRepeatTheData() async throws {
        try await TestServer.withPool { pool in
            let error = try await failure { try await pool.query(PostgresStatement("SELECT $1::uuid", ["top-secret"])) }
            #expect(error.sqlState == "22P02")
            #expect(!error.description.contains("top-secret"))
        }
    }

    private static func numbers(_ table: String, _ pool: PostgresPool) async throws -> [Int64?] {
        try await pool.query(PostgresStatement("SELECT n FROM \(table) ORDER BY n")).map { try $0.int64(0) }
    }
}

/// Keeps a session longer than allowed.
///
/// `@unchecked Sendable`, because the test waits for the transaction before it looks.
private final class KeptSession: @unchecked Sendable {
    var session: PostgresSession?
}
#endif
