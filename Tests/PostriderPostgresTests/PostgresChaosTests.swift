#if Postgres
import Logging
import PostriderPostgres
import Testing

/// What is confirmed is there, what failed is not, and nothing gets stuck, whatever happens to the server.
@Suite(.serialized, .ownServer) struct PostgresChaosTests {
    @Test(arguments: TestServer.Route.allCases)
    func backendsEndedAtRandom(route: TestServer.Route) async throws {
        let (pool, other) = try Self.pools(route)
        let counters = try await Counters(count: 20, pool: other)
        let log = Recorder(Log())
        try await withThrowingTaskGroup { group in
            for id in 0..<20 {
                group.addTask {
                    for _ in 0..<60 { await counters.add(to: id, pool, log) }
                    log.change { $0.ended += 1 }
                }
            }
            group.addTask {
                let text = """
                    SELECT pg_terminate_backend(pid), pg_sleep(0.05) FROM
                    (SELECT pid FROM pg_stat_activity WHERE application_name = $1 ORDER BY random() LIMIT 1) AS x
                    """
                while log.value.ended < 20 {
                    let ended = try await other.query(PostgresStatement(text, [.text(Self.name)]))
                    log.change { $0.terminated += ended.count }
                }
            }
            try await group.waitForAll()
        }
        let outcome = log.value
        #expect(outcome.terminated > 0)
        #expect(outcome.confirmedCount > 200)
        #expect(outcome.unexpected == [])
        try await counters.check(outcome, other)
        #expect(pool.usedCount == 0)
        await pool.shutDown()
        await other.shutDown()
    }

    @Test(arguments: TestServer.Route.allCases)
    func theServerStopsAndStartsUnderLoad(route: TestServer.Route) async throws {
        let server = try #require(OwnServer.current)
        let (pool, other) = try Self.pools(route)
        let counters = try await Counters(count: 20, pool: other)
        let log = Recorder(Log())
        try await withThrowingTaskGroup { group in
            for id in 0..<20 {
                group.addTask {
                    while !log.value.isOver { await counters.add(to: id, pool, log) }
                }
            }
            for verbs in [["restart"], ["stop", "start"], ["crash", "start"], ["restart"]] {
                await Self.awaitProgress(log)
                for verb in verbs { try await server.control(verb) }
            }
            // All come back, not only some.
            let before = log.value.confirmed
            await log.wait { now in
                (0..<20).allSatisfy { now.confirmed[$0, default: 0] > before[$0, default: 0] }
            }
            log.change { $0.isOver = true }
            try await group.waitForAll()
        }
        let outcome = log.value
        #expect(outcome.unexpected == [])
        try await counters.check(outcome, other)
        #expect(pool.usedCount == 0)
        #expect(pool.waiterCount == 0)
        await pool.shutDown()
        await other.shutDown()
    }

    @Test func aListenerComesBackWithTheServer() async throws {
        let server = try #require(OwnServer.current)
        let configuration = try PostgresConfiguration(server.directURL)
        let pool = PostgresPool(configuration, logger: Logger(label: "test"))
        let listener = try PostgresListener(configuration, logger: Logger(label: "test"))
        try await withThrowingTaskGroup { group in
            group.addTask { try await listener.run() }
            var events = listener.events(on: "chaos").makeAsyncIterator()
            #expect(await events.next() == .mayHaveMissed)
            for verb in ["restart", "crash"] {
                try await server.control(verb)
                if verb == "crash" { try await server.control("start") }
                #expect(await events.next() == .mayHaveMissed)
                try await pool.query(PostgresStatement("SELECT pg_notify('chaos', $1)", [.text(verb)]))
                #expect(await events.next() == .notification(.init(channel: "chaos", payload: verb)))
            }
            group.cancelAll()
        }
        await pool.shutDown()
    }

    private static let name = "postrider-chaos"

    /// The pool that suffers, and one that looks on.
    private static func pools(_ route: TestServer.Route) throws -> (PostgresPool, PostgresPool) {
        let server = try #require(OwnServer.current)
        var limits = PostgresLimits()
        limits.connectionCountMax = 6
        limits.acquireTimeout = .seconds(60)
        limits.transactionTimeout = .seconds(60)
        let configuration = try PostgresConfiguration(
            route == .direct ? server.directURL : server.pooledURL,
            isPooled: route == .pooled,
            applicationName: name,
            limits: limits
        )
        let other = try PostgresConfiguration(server.directURL, applicationName: "postrider-onlooker", limits: limits)
        let logger = Logger(label: "test")
        return (PostgresPool(configuration, logger: logger), PostgresPool(other, logger: logger))
    }

    /// Waits for two hundred more commits.
    private static func awaitProgress(_ log: Recorder<Log>) async {
        let count = log.value.confirmedCount
        await log.wait { $0.confirmedCount >= count + 200 }
    }
}

/// What the tasks of a test have seen.
private struct Log: Sendable {
    /// Commits that were confirmed, and such that may have happened, by counter.
    var confirmed: [Int: Int] = [:]
    var uncertain: [Int: Int] = [:]
    var unexpected: [String] = []
    var terminated = 0
    var ended = 0
    var isOver = false

    var confirmedCount: Int { confirmed.values.reduce(0, +) }
}

/// A table of counters, one for each task.
private struct Counters: Sendable {
    let count: Int

    init(count: Int, pool: PostgresPool) async throws {
        self.count = count
        try await pool.withTransaction { session in
            try session.script("DROP TABLE IF EXISTS counter; CREATE TABLE counter (id int PRIMARY KEY, n int, m int)")
            try session.execute(
                "INSERT INTO counter SELECT i, 0, 0 FROM generate_series(0, $1) AS i",
                .int64(Int64(count))
            )
        }
    }

    /// Adds one, in two statements, which must happen together.
    func add(to id: Int, _ pool: PostgresPool, _ log: Recorder<Log>) async {
        do {
            try await pool.withTransaction { session in
                try session.execute("UPDATE counter SET n = n + 1 WHERE id = $1", .int64(Int64(id)))
                try session.execute("UPDATE counter SET m = m + 1 WHERE id = $1", .int64(Int64(id)))
            }
            log.change { $0.confirmed[id, default: 0] += 1 }
        } catch let error as PostgresError where error.code == .commitUncertain {
            log.change { $0.uncertain[id, default: 0] += 1 }
        } catch let error as PostgresError where error.isRetryable {
            // Nothing was done.
        } catch {
            log.change { $0.unexpected.append("\(error)") }
        }
    }

    /// Each counter shows what was confirmed, and of the uncertain ones at most all.
    func check(_ log: Log, _ pool: PostgresPool) async throws {
        let rows = try await pool.query("SELECT id, n, m FROM counter")
        #expect(rows.count == count + 1)
        for row in rows {
            let id = Int(try row.int64(0) ?? -1)
            let number = Int(try row.int64(1) ?? -1)
            let confirmed = log.confirmed[id, default: 0]
            #expect((confirmed...confirmed + log.uncertain[id, default: 0]).contains(number))
            #expect(try row.int64(2) == row.int64(1))
        }
    }
}
#endif
