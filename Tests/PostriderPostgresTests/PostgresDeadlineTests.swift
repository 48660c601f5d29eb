#if Postgres
import Foundation
import Logging
import PostriderPostgres
import Testing

@Suite struct PostgresDeadlineTests {
    @Test(arguments: TestServer.Route.allCases)
    func aStatementThatTakesTooLongIsEndedAndTheConnectionKept(route: TestServer.Route) async throws {
        try await TestServer.withPool(route, { $0.connectionCountMax = 1 }) { pool in
            let before = try await Self.backend(pool)
            let begun = ContinuousClock.now
            let error = try await failure {
                try await pool.withConnection(timeout: .milliseconds(200)) { try $0.query("SELECT pg_sleep(60)") }
            }
            #expect(error.code == .deadlineExceeded)
            #expect(!error.isRetryable)
            #expect(begun.duration(to: .now) < .seconds(20))
            let after = try await Self.backend(pool)
            if route == .direct { #expect(before == after) }
        }
    }

    @Test(arguments: TestServer.Route.allCases)
    func theServersOwnTimeOutIsADeadlineToo(route: TestServer.Route) async throws {
        try await TestServer.withPool(route, { $0.statementTimeout = .milliseconds(500) }) { pool in
            let error = try await failure { try await pool.withTransaction { try $0.query("SELECT pg_sleep(60)") } }
            #expect(error.code == .deadlineExceeded)
            #expect(error.sqlState == "57014")
            #expect(try await pool.query("SELECT 1").count == 1)
        }
    }

    @Test(arguments: TestServer.Route.allCases)
    func aTransactionOverItsDeadlineIsRolledBack(route: TestServer.Route) async throws {
        try await TestServer.withPool(route, { $0.connectionCountMax = 2 }) { pool in
            try await TestServer.withTable(pool, "n int") { table in
                let error = try await failure {
                    try await pool.withTransaction(timeout: .milliseconds(150)) { session in
                        try session.execute("INSERT INTO \(table) VALUES (1)")
                        // A closure that swallows the end of its time does not commit either.
                        _ = try? session.query("SELECT pg_sleep(60)")
                        _ = try? session.execute("INSERT INTO \(table) VALUES (2)")
                    }
                }
                #expect(error.code == .deadlineExceeded)
                #expect(try await pool.query(PostgresStatement("SELECT count(*) FROM \(table)"))[0].int64(0) == 0)
            }
        }
    }

    @Test(arguments: TestServer.Route.allCases)
    func aCancelledTaskEndsItsStatementOnTheServer(route: TestServer.Route) async throws {
        try await TestServer.withPool(route, { $0.connectionCountMax = 2 }) { pool in
            let mark = "mark-\(UUID().uuidString)"
            let task = Task {
                try await failure {
                    try await pool.withTransaction { try $0.query("SELECT pg_sleep(60), '\(mark)'") }
                }
            }
            try await Self.awaitRunning(mark, count: 1, pool)
            task.cancel()
            #expect(try await task.value.code == .cancelled)
            try await Self.awaitRunning(mark, count: 0, pool)
            #expect(pool.usedCount == 0)
        }
    }

    @Test func aPipelineCanBeCancelledInTheMiddle() async throws {
        try await TestServer.withPool(.direct, { $0.connectionCountMax = 2 }) { pool in
            try await TestServer.withTable(pool, "n int") { table in
                let mark = "mark-\(UUID().uuidString)"
                let task = Task {
                    try await failure {
                        try await pool.withConnection { session in
                            try session.pipeline([
                                PostgresStatement("INSERT INTO \(table) VALUES (1)"),
                                PostgresStatement("SELECT pg_sleep(60), '\(mark)'"),
                                PostgresStatement("INSERT INTO \(table) VALUES (2)"),
                            ])
                        }
                    }
                }
                try await Self.awaitRunning(mark, count: 1, pool)
                task.cancel()
                #expect(try await task.value.code == .cancelled)
                #expect(try await pool.query(PostgresStatement("SELECT count(*) FROM \(table)"))[0].int64(0) == 0)
            }
        }
    }

    /// The request to cancel must never meet the statement after the one it was meant for.
    @Test(arguments: TestServer.Route.allCases)
    func aCancellationMeetsNobodyElse(route: TestServer.Route) async throws {
        try await TestServer.withPool(route, { $0.connectionCountMax = 1 }) { pool in
            for round in 0..<100 {
                let task = Task {
                    _ = try? await pool.withConnection { try $0.query("SELECT pg_sleep(0.002)") }
                }
                if round.isMultiple(of: 3) { await Task.yield() } else { _ = try? await pool.query("SELECT 1") }
                task.cancel()
                let answer = try await pool.query("SELECT pg_sleep(0.001), 5")
                #expect(try answer[0].int64(1) == 5)
                _ = await task.value
            }
            #expect(pool.usedCount == 0)
        }
    }

    @Test func aLockIsNotWaitedForForEver() async throws {
        try await TestServer.withPool(.direct, { $0.lockTimeout = .milliseconds(100) }) { pool in
            try await TestServer.withTable(pool, "n int") { table in
                let gate = Gate()
                let holder = Task {
                    try await pool.withTransaction { session in
                        try session.script("LOCK TABLE \(table) IN ACCESS EXCLUSIVE MODE")
                        gate.wait()
                    }
                }
                let locks = "SELECT 1 FROM pg_locks WHERE relation = to_regclass($1) AND mode = 'AccessExclusiveLock'"
                while try await pool.query(PostgresStatement(locks, [.text(table)])).isEmpty { await Task.yield() }
                let error = try await failure {
                    try await pool.withTransaction { try $0.query("SELECT * FROM \(table)") }
                }
                gate.open()
                try await holder.value
                #expect(error.sqlState == "55P03")
            }
        }
    }

    private static func backend(_ pool: PostgresPool) async throws -> Int64? {
        try await pool.query("SELECT pg_backend_pid()")[0].int64(0)
    }

    /// Asks until so many sessions run a statement with the mark.
    private static func awaitRunning(_ mark: String, count: Int64, _ pool: PostgresPool) async throws {
        let text =
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND strpos(query, $1) > 0"
        while try await pool.query(PostgresStatement(text, [.text(mark)]))[0].int64(0) != count { await Task.yield() }
    }
}
#endif
