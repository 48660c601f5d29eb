#if Postgres
import PostriderPostgres
import Testing

@Suite struct PostgresPipelineTests {
    @Test(arguments: TestServer.Route.allCases)
    func everyStatementIsAnsweredInOrder(route: TestServer.Route) async throws {
        try await TestServer.withPool(route) { pool in
            let numbers = try await pool.withTransaction { session in
                try session.pipeline((0..<1_000).map { PostgresStatement("SELECT $1", [.int64($0)]) }).map {
                    try $0[0].int64(0)
                }
            }
            #expect(numbers == (0..<1_000).map(Optional.some))
            let none = try await pool.withTransaction { try $0.pipeline([]).count }
            #expect(none == 0)
        }
    }

    /// More than the buffers of the network hold in either direction, so that reading and writing must take turns.
    @Test(arguments: TestServer.Route.allCases)
    func muchDataInBothDirectionsDoesNotGetStuck(route: TestServer.Route) async throws {
        try await TestServer.withPool(route) { pool in
            let text = String(repeating: "0123456789", count: 20_000)
            let sizes = try await pool.withTransaction { session in
                try session.pipeline((0..<60).map { _ in PostgresStatement("SELECT $1::text", [.text(text)]) })
                    .map { try $0[0].text(0)?.utf8.count }
            }
            #expect(sizes == Array(repeating: 200_000, count: 60))
        }
    }

    @Test(arguments: TestServer.Route.allCases, [false, true])
    func anErrorInTheMiddleEndsTheRest(route: TestServer.Route, isPrepared: Bool) async throws {
        try await TestServer.withPool(route, { $0.connectionCountMax = 1 }) { pool in
            try await TestServer.withTable(pool, "n int PRIMARY KEY") { table in
                let insert = { @Sendable (number: Int64) in
                    PostgresStatement("INSERT INTO \(table) VALUES ($1)", [.int64(number)], isPrepared: isPrepared)
                }
                let error = try await failure {
                    try await pool.withConnection { try $0.pipeline([insert(1), insert(1), insert(2)]) }
                }
                #expect(error.sqlState == "23505")
                let after = try await pool.withConnection { session in
                    try session.pipeline([
                        insert(3), PostgresStatement("SELECT count(*) FROM \(table)", isPrepared: isPrepared),
                    ])[1][0].int64(0)
                }
                #expect(after == 1)
                let wrong = try await failure {
                    try await pool.withConnection {
                        try $0.pipeline([insert(4), PostgresStatement("SELEKT", isPrepared: isPrepared), insert(5)])
                    }
                }
                #expect(wrong.sqlState == "42601")
                #expect(try await pool.query(PostgresStatement("SELECT count(*) FROM \(table)"))[0].int64(0) == 1)
            }
        }
    }

    @Test func namedStatementsAreKeptUpToABound() async throws {
        try await TestServer.withPool(
            .direct,
            {
                $0.connectionCountMax = 1
                $0.preparedStatementCountMax = 3
            }
        ) { pool in
            for round in 0..<3 {
                for number in 0..<5 {
                    let statement = PostgresStatement("SELECT $1 + \(number)", [.int64(Int64(round))], isPrepared: true)
                    #expect(try await pool.query(statement)[0].int64(0) == Int64(round + number))
                }
            }
            let kept = try await pool.query("SELECT count(*) FROM pg_prepared_statements")[0].int64(0)
            #expect(kept == 3)
        }
    }

    @Test func aNamedStatementTakesParametersOfOtherTypes() async throws {
        try await TestServer.withPool(.direct, { $0.connectionCountMax = 1 }) { pool in
            try await TestServer.withTable(pool, "n int, x double precision") { table in
                for value: PostgresValue in [nil, 5, nil, "6", 7.0] {
                    let statement = PostgresStatement(
                        "INSERT INTO \(table) VALUES ($1, $2)",
                        [value, value],
                        isPrepared: true
                    )
                    try await pool.query(statement)
                }
                let rows = try await pool.query(PostgresStatement("SELECT n, x FROM \(table)"))
                #expect(try rows.map { try $0.int64(0) } == [nil, 5, nil, 6, 7])
                #expect(try rows.map { try $0.double(1) } == [nil, 5, nil, 6, 7])
            }
        }
    }

    @Test func aNamedStatementSurvivesAChangeOfItsTable() async throws {
        try await TestServer.withPool(.direct, { $0.connectionCountMax = 1 }) { pool in
            try await TestServer.withTable(pool, "n int") { table in
                let statement = PostgresStatement("SELECT * FROM \(table)", isPrepared: true)
                #expect(try await pool.query(statement).columnCount == 1)
                try await pool.query(PostgresStatement("ALTER TABLE \(table) ADD COLUMN m int"))
                let error = try await failure { try await pool.query(statement) }
                #expect(error.sqlState == "0A000")
                #expect(try await pool.query(statement).columnCount == 2)
            }
        }
    }

    @Test func behindAPoolerThereAreNoNamedStatements() async throws {
        try await TestServer.withPool(.pooled) { pool in
            // Other tests share the pooler's connections: only what is asked here counts.
            let text = "SELECT $1 + 1 AS behind_a_pooler"
            let statement = PostgresStatement(text, [1], isPrepared: true)
            for _ in 0..<3 { #expect(try await pool.query(statement)[0].int64(0) == 2) }
            let count = "SELECT count(*) FROM pg_prepared_statements WHERE statement = $1"
            let kept = try await pool.query(PostgresStatement(count, [.text(text)]))
            #expect(try kept[0].int64(0) == 0)
        }
    }

    @Test func copyIsRefusedAndLeavesThePoolUsable() async throws {
        try await TestServer.withPool(.direct, { $0.connectionCountMax = 1 }) { pool in
            let error = try await failure { try await pool.query("COPY pg_class TO STDOUT") }
            #expect(error.code == .protocolError)
            #expect(try await pool.query("SELECT 1").count == 1)
        }
    }
}
#endif
