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

    @Test(arguments: ["DEALLOCATE ALL", "DEALLOCATE postrider"])
    func aSessionThatLostItsStatementsWorksOn(loss: String) async throws {
        let bed = try await SQLBackend.postgres.open(settings: SQLSettings(connectionCountMax: 1))
        try await bed.makeItems()
        let item = bed.item
        let work: @Sendable (SQLTransaction) throws -> Void = { transaction in
            // More of them than a transaction has attempts.
            for index in 0..<8 {
                try transaction.execute("INSERT INTO \(item) (id, note) VALUES (\("k\(index)"), '\(raw: "\(index)")')")
            }
            try transaction.execute("DELETE FROM \(item)")
        }
        try await bed.database.transaction(work)
        for _ in 0..<2 {
            try await bed.database.transaction { transaction in
                let names = try transaction.rows(
                    "SELECT name FROM pg_prepared_statements WHERE statement LIKE 'DELETE%'"
                )
                if loss == "DEALLOCATE ALL" {
                    try transaction.execute("DEALLOCATE ALL")
                } else {
                    let name: String = try #require(names.first).value("name")
                    try transaction.execute("DEALLOCATE \(identifier: name)")
                }
            }
            try await bed.database.transaction(work)
        }
        #expect(try await bed.ids() == [])
        try await bed.end()
    }

    @Test func aPoolerThatNobodyDeclaredIsTold() async throws {
        let url = try SQLBackend.url("PGBOUNCER")
        let settings = SQLSettings(connectionCountMax: 4, attemptCountMax: 1)
        let database = try await SQLDatabase.open(.postgres(url: url), settings: settings)
        let details = await withTaskGroup(of: [String].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var details: [String] = []
                    for _ in 0..<50 where details.isEmpty {
                        do {
                            try await database.transaction {
                                _ = try $0.rows("SELECT 'nobody declared' WHERE \(1) = 1")
                            }
                        } catch {
                            details.append("\(error)")
                        }
                    }
                    return details
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(!details.isEmpty)
        #expect(details.allSatisfy { $0.contains("DATABASE_POOLED=true") }, "\(details)")
        try await database.close()
    }

    @Test func whatTheServerSaysOfAValueIsNotRepeated() async throws {
        let bed = try await SQLBackend.postgres.open()
        for (sql, word) in [
            ("SELECT CAST(\("secret-word") AS INTEGER)" as SQL, "secret"),
            ("SELECT CAST(\("99999999999") AS SMALLINT)", "9999"),
            ("SELECT jsonb_path_query('1', CAST(\("secret$") AS jsonpath))", "secret"),
        ] {
            let error = await #expect(throws: SQLError.self) { try await bed.database.read { try $0.rows(sql) } }
            #expect(error?.code == .invalid)
            #expect(error?.detail.contains("\(22)") == true || error?.detail.contains("(42") == true)
            #expect(error?.detail.contains(word) == false, "\(error?.detail ?? "")")
        }
        // As a server in German says it: other quotation marks.
        let german: SQL = """
            DO $$ BEGIN RAISE EXCEPTION 'ungültige Eingabesyntax: »secret-word«' USING ERRCODE = '22P02'; END $$
            """
        let error = await #expect(throws: SQLError.self) {
            try await bed.database.transaction { try $0.execute(german) }
        }
        #expect(error?.detail.contains("22P02") == true)
        #expect(error?.detail.contains("secret") == false)
        try await bed.end()
    }

    @Test func connectionsThatNobodyUsesAreClosedWhileItRuns() async throws {
        let bed = try await SQLBackend.postgres.open(
            settings: SQLSettings(idleTimeout: .milliseconds(50), connectTimeout: .seconds(60))
        )
        let database = bed.database
        try await bed.whileRunning {
            let first = try await database.read { try $0.value("SELECT pg_backend_pid()", as: Int.self) }
            let watch = try await SQLBackend.postgres.open()
            let process = try #require(first)
            func isThere() async throws -> Bool? {
                try await watch.database.read {
                    try $0.value("SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = \(process))", as: Bool.self)
                }
            }
            while try await isThere() == true { await Task.yield() }
            // It is the connection that is closed, not the database.
            #expect(try await database.read { try $0.value("SELECT pg_backend_pid()", as: Int.self) } != first)
            try await watch.end()
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
