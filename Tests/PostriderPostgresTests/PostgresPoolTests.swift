#if Postgres
import Logging
import PostriderPostgres
import ServiceLifecycle
import Testing

@Suite struct PostgresPoolTests {
    @Test(arguments: TestServer.Route.allCases)
    func neverOpensMoreThanItsBound(route: TestServer.Route) async throws {
        try await TestServer.withPool(route, { $0.connectionCountMax = 3 }) { pool in
            let highest = Recorder(0)
            try await withThrowingTaskGroup { group in
                for number in 0..<60 {
                    group.addTask {
                        let answer = try await pool.withTransaction { session in
                            highest.change { $0 = max($0, pool.connectionCount) }
                            return try session.query("SELECT $1, pg_sleep(0.002)", .int64(Int64(number)))
                        }
                        #expect(try answer[0].int64(0) == Int64(number))
                    }
                }
                try await group.waitForAll()
            }
            #expect((1...3).contains(highest.value))
            #expect(pool.usedCount == 0)
            #expect(pool.waiterCount == 0)
        }
    }

    @Test func thoseWhoWaitAreServedInOrder() async throws {
        try await TestServer.withPool(.direct, { $0.connectionCountMax = 1 }) { pool in
            let order = Recorder<[Int]>([])
            let gate = Gate()
            try await withThrowingTaskGroup { group in
                group.addTask { try await pool.withTransaction { _ in gate.wait() } }
                try await Self.await { pool.usedCount == 1 }
                for number in 0..<10 {
                    group.addTask { try await pool.withTransaction { _ in order.change { $0.append(number) } } }
                    try await Self.await { pool.waiterCount == number + 1 }
                }
                gate.open()
                try await group.waitForAll()
            }
            #expect(order.value == Array(0..<10))
        }
    }

    @Test func aCancelledWaiterLeavesTheLine() async throws {
        try await TestServer.withPool(.direct, { $0.connectionCountMax = 1 }) { pool in
            let gate = Gate()
            let first = Task { try await pool.withTransaction { _ in gate.wait() } }
            try await Self.await { pool.usedCount == 1 }
            let waiting = Task { try await failure { try await pool.query("SELECT 1") } }
            try await Self.await { pool.waiterCount == 1 }
            waiting.cancel()
            #expect(try await waiting.value.code == .cancelled)
            #expect(pool.waiterCount == 0)
            gate.open()
            try await first.value
            #expect(try await pool.query("SELECT 1").count == 1)
        }
    }

    @Test func theLineIsBoundedInNumber() async throws {
        try await TestServer.withPool(
            .direct,
            {
                $0.connectionCountMax = 1
                $0.waiterCountMax = 1
            }
        ) { pool in
            let gate = Gate()
            let first = Task { try await pool.withTransaction { _ in gate.wait() } }
            try await Self.await { pool.usedCount == 1 }
            let waiting = Task { try await pool.query("SELECT 1").count }
            try await Self.await { pool.waiterCount == 1 }
            let refused = try await failure { try await pool.query("SELECT 1") }
            #expect(refused.code == .poolExhausted)
            #expect(refused.isRetryable)
            gate.open()
            try await first.value
            #expect(try await waiting.value == 1)
        }
    }

    @Test func theLineIsBoundedInTime() async throws {
        try await TestServer.withPool(.direct, { $0.connectionCountMax = 1 }) { pool in
            let gate = Gate()
            let first = Task { try await pool.withTransaction { _ in gate.wait() } }
            try await Self.await { pool.usedCount == 1 }
            let error = try await failure { try await pool.query("SELECT 1", timeout: .milliseconds(50)) }
            #expect(error.code == .poolExhausted)
            #expect(pool.waiterCount == 0)
            gate.open()
            try await first.value
        }
    }

    @Test func anIdleConnectionThatTheServerEndedIsReplaced() async throws {
        let name = "idle-\(#line)"
        try await TestServer.withPool(applicationName: name, { $0.connectionCountMax = 1 }) { pool in
            let first = try await pool.query("SELECT pg_backend_pid()")[0].int64(0)
            try await TestServer.withPool { other in
                try await other.query(
                    PostgresStatement("SELECT pg_terminate_backend($1::int, 5000)", [.int64(first ?? 0)])
                )
            }
            let second = try await pool.query("SELECT pg_backend_pid()")[0].int64(0)
            #expect(first != second)
            #expect(pool.connectionCount == 1)
        }
    }

    @Test func aConnectionLostInATransactionSaysSoAndIsReplaced() async throws {
        try await TestServer.withPool { pool in
            let error = try await failure {
                try await pool.withTransaction { session in
                    try session.execute("SET application_name = 'doomed'")
                    return try session.query("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(10)")
                }
            }
            #expect(error.code == .connectionLost)
            #expect(error.sqlState == "57P01")
            #expect(error.isRetryable)
            #expect(try await pool.query("SELECT 1").count == 1)
            #expect(pool.usedCount == 0)
        }
    }

    @Test func aStatementAloneWhoseAnswerIsLostIsUncertain() async throws {
        try await TestServer.withPool { pool in
            let error = try await failure {
                try await pool.query("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(10)")
            }
            #expect(error.code == .commitUncertain)
            #expect(!error.isRetryable)
        }
    }

    @Test func aShutdownEndsWaitersAndLetsWorkFinish() async throws {
        let pool = PostgresPool(
            try TestServer.configuration { $0.connectionCountMax = 1 },
            logger: Logger(label: "test")
        )
        let gate = Gate()
        let working = Task {
            try await pool.withTransaction { session in
                gate.wait()
                return try session.query("SELECT 7")[0].int64(0)
            }
        }
        try await Self.await { pool.usedCount == 1 }
        let waiting = Task { try await failure { try await pool.query("SELECT 1") } }
        try await Self.await { pool.waiterCount == 1 }
        let shutdown = Task { await pool.shutDown() }
        #expect(try await waiting.value.code == .poolClosed)
        gate.open()
        #expect(try await working.value == 7)
        await shutdown.value
        #expect(pool.connectionCount == 0)
        #expect(try await failure { try await pool.query("SELECT 1") }.code == .poolClosed)
        await pool.shutDown()
    }

    @Test func aShutdownCancelsWhatTakesTooLong() async throws {
        let pool = PostgresPool(
            try TestServer.configuration { $0.drainTimeout = .milliseconds(100) },
            logger: Logger(label: "test")
        )
        let working = Task {
            try await failure { try await pool.withTransaction { try $0.query("SELECT pg_sleep(60)") } }
        }
        try await Self.await { pool.usedCount == 1 }
        await pool.shutDown()
        #expect(try await working.value.code == .cancelled)
        #expect(pool.connectionCount == 0)
    }

    @Test func asAServiceItEndsWithTheGroup() async throws {
        let pool = PostgresPool(try TestServer.configuration(), logger: Logger(label: "test"))
        let group = ServiceGroup(services: [pool], logger: Logger(label: "test"))
        let running = Task { try await group.run() }
        #expect(try await pool.query("SELECT 1").count == 1)
        await group.triggerGracefulShutdown()
        try await running.value
        #expect(try await failure { try await pool.query("SELECT 1") }.code == .poolClosed)
    }

    @Test func unusedConnectionsAreClosed() async throws {
        try await TestServer.withPool(.direct, { $0.idleTimeout = .milliseconds(50) }) { pool in
            let service = Task { try await pool.run() }
            try await pool.query("SELECT 1")
            try await Self.await { pool.connectionCount == 0 }
            #expect(pool.connectionCount == 0)
            service.cancel()
            try await service.value
        }
    }

    /// Waits for a state of the pool that will come.
    private static func await(_ condition: () -> Bool) async throws {
        while !condition() {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}
#endif
