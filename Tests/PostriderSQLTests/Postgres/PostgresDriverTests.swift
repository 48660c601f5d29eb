#if Postgres
import Dispatch
import PostriderSQL
import Synchronization
import Testing

@Suite struct PostgresDriverTests {
    @Test func withOnlyAPoolerAListenerIsToldToLookAgainAndAgain() async throws {
        let database = try await SQLDatabase.open(
            .postgres(url: try SQLBackend.url("PGBOUNCER"), isPooled: true),
            settings: SQLSettings(pollInterval: .milliseconds(20))
        )
        try await withThrowingTaskGroup { group in
            group.addTask { try await database.run() }
            var received = database.notifications(on: "c").makeAsyncIterator()
            for _ in 0..<3 { #expect(await received.next() == .mayHaveMissed) }
            group.cancelAll()
            try await group.waitForAll()
        }
        try await database.close()
    }

    @Test func withOnlyAPoolerMigrationsAreMadeThroughIt() async throws {
        let bed = SQLBed(
            database: try await .open(.postgres(url: try SQLBackend.url("PGBOUNCER"), isPooled: true)),
            backend: .pgbouncer,
            name: try await SQLBackend.pgbouncer.open().name
        )
        try await bed.makeItems()
        try await bed.add("a")
        #expect(try await bed.ids() == ["a"])
        try await bed.end()
    }

    @Test func aTableChangedUnderAPreparedStatementIsReadAllTheSame() async throws {
        let bed = try await SQLBackend.postgres.open(settings: SQLSettings(connectionCountMax: 1))
        try await bed.makeItems()
        try await bed.add("a")
        let item = bed.item
        for name in ["x", "y"] {
            let before = try await bed.database.read { try $0.row("SELECT * FROM \(item)")?.columns.count }
            try await bed.database.transaction { transaction in
                _ = try transaction.execute("ALTER TABLE \(item) ADD COLUMN \(identifier: name) TEXT")
            }
            let after = try await bed.database.read { try $0.row("SELECT * FROM \(item)")?.columns.count }
            #expect(after == (before ?? 0) + 1)
        }
        try await bed.end()
    }

    @Test func ofTransactionsThatLockEachOtherOutOneIsRunAgain() async throws {
        let bed = try await SQLBackend.postgres.open()
        try await bed.makeItems()
        try await bed.add("a")
        try await bed.add("b")
        let item = bed.item
        let held = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]
        let runs = RunCounter()
        try await withThrowingTaskGroup { group in
            for (index, order) in [["a", "b"], ["b", "a"]].enumerated() {
                group.addTask {
                    let isFirstRun = RunCounter()
                    try await bed.database.transaction { transaction in
                        runs.add()
                        try transaction.execute("UPDATE \(item) SET count = count + 1 WHERE id = \(order[0])")
                        if isFirstRun.add() == 1 {
                            held[index].signal()
                            held[1 - index].wait()
                        }
                        try transaction.execute("UPDATE \(item) SET count = count + 1 WHERE id = \(order[1])")
                    }
                }
            }
            try await group.waitForAll()
        }
        let counts = try await bed.database.read { transaction in
            try transaction.rows("SELECT count FROM \(item)").map { try $0.value("count", as: Int.self) }
        }
        #expect(counts == [2, 2])
        #expect(runs.count == 3)
        try await bed.end()
    }

    @Test func aTransactionIsNotRunAgainForEver() async throws {
        let bed = try await SQLBackend.postgres.open(settings: SQLSettings(attemptCountMax: 3))
        let runs = RunCounter()
        let code = await sqlCode {
            try await bed.database.transaction { transaction in
                runs.add()
                throw SQLError(.serializationFailure, "as if")
            }
        }
        #expect(code == .serializationFailure)
        #expect(runs.count == 3)
        try await bed.end()
    }

    @Test func aStatementThatTakesTooLongIsEnded() async throws {
        let bed = try await SQLBackend.postgres.open(settings: SQLSettings(transactionTimeout: .seconds(2)))
        let code = await sqlCode { _ = try await bed.database.read { try $0.rows("SELECT pg_sleep(60)") } }
        #expect(code == .deadlineExceeded)
        #expect(try await bed.database.read { try $0.value("SELECT 1", as: Int.self) } == 1)
        try await bed.end()
    }
}

/// Counts how often something was run.
private final class RunCounter: Sendable {
    private let value = Atomic(0)

    var count: Int { value.load(ordering: .relaxed) }

    @discardableResult
    func add() -> Int { value.add(1, ordering: .relaxed).newValue }
}
#endif
