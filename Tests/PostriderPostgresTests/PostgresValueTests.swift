#if Postgres
import PostriderPostgres
import Testing

@Suite struct PostgresValueTests {
    @Test(arguments: TestServer.Route.allCases, [PostgresStatement.ResultFormat.text, .binary])
    func everyTypeComesBackAsItWent(route: TestServer.Route, format: PostgresStatement.ResultFormat) async throws {
        try await TestServer.withPool(route) { pool in
            let texts = [
                "", "plain", "it's \"quoted\" \\ $1", "žluťoučký 🐎 e\u{301}", String(repeating: "x", count: 100_000),
            ]
            for text in texts {
                let result = try await pool.query(
                    PostgresStatement("SELECT $1::text AS value", [.text(text)], resultFormat: format)
                )
                #expect(try result[0].text(0) == text)
                #expect(result.columns == ["value"])
            }
            for number in [Int64.min, -1, 0, 1, Int64.max] {
                let result = try await pool.query(
                    PostgresStatement(
                        "SELECT $1, ($1 % 30000)::smallint, ($1 % 30000)::int",
                        [.int64(number)],
                        resultFormat: format
                    )
                )
                #expect(try result[0].int64(0) == number)
                #expect(try result[0].int64(1) == number % 30_000)
                #expect(try result[0].int64(2) == number % 30_000)
            }
            for number in [0, -0.5, 1.0 / 3, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude] {
                let result = try await pool.query(
                    PostgresStatement("SELECT $1, 0.25::real", [.double(number)], resultFormat: format)
                )
                #expect(try result[0].double(0) == number)
                #expect(try result[0].double(1) == 0.25)
            }
            for flag in [true, false] {
                let result = try await pool.query(PostgresStatement("SELECT $1", [.bool(flag)], resultFormat: format))
                #expect(try result[0].bool(0) == flag)
            }
            for bytes in [[], [0], [0, 255, 10, 92, 39], [UInt8](repeating: 7, count: 70_000)] as [[UInt8]] {
                let result = try await pool.query(PostgresStatement("SELECT $1", [.bytes(bytes)], resultFormat: format))
                #expect(try result[0].bytes(0) == bytes)
            }
            let nothing = try await pool.query(
                PostgresStatement("SELECT $1::bigint, $2", [.null, .null], resultFormat: format)
            )
            #expect(try nothing[0].int64(0) == nil)
            #expect(try nothing[0].text(1) == nil)
            #expect(nothing[0].isNull(0))
        }
    }

    @Test(arguments: TestServer.Route.allCases)
    func textTakesTheTypeOfItsPlace(route: TestServer.Route) async throws {
        let id = "0f8fad5b-d9cb-469f-a165-70867728950e"
        try await TestServer.withPool(route) { pool in
            try await TestServer.withTable(pool, "id uuid, at timestamptz, data jsonb, amount numeric, small int") {
                table in
                let row: [PostgresValue] = [
                    .text(id), "2026-11-21T16:00:00.123Z", "{\"a\": [1, null]}", "12345678901234567890.123456789", 7,
                ]
                try await pool.query(PostgresStatement("INSERT INTO \(table) VALUES ($1, $2, $3, $4, $5)", row))
                let text = try await pool.query(PostgresStatement("SELECT * FROM \(table) WHERE id = $1", [.text(id)]))
                #expect(try text[0].text(0) == id)
                #expect(try text[0].text(2) == "{\"a\": [1, null]}")
                #expect(try text[0].text(3) == "12345678901234567890.123456789")
                let binary = try await pool.query(
                    PostgresStatement("SELECT id, at, data, small FROM \(table)", resultFormat: .binary)
                )
                #expect(try binary[0].text(0) == id)
                #expect(try binary[0].microsecondsSince1970(1) == 1_795_276_800_123_000)
                #expect(try binary[0].text(2) == "{\"a\": [1, null]}")
                #expect(try binary[0].int64(3) == 7)
            }
        }
    }

    @Test(arguments: TestServer.Route.allCases)
    func arraysGoAsWholeColumns(route: TestServer.Route) async throws {
        try await TestServer.withPool(route) { pool in
            let result = try await pool.query(
                PostgresStatement(
                    "SELECT * FROM unnest($1::bigint[], $2::text[], $3::float8[], $4::bool[], $5::bytea[])",
                    [
                        .int64s([1, nil, .max]), .texts(["", nil, "a,\"b\"{}\\ 🐎 NULL"]), .doubles([0.1, nil, -0.0]),
                        .bools([true, nil, false]), .byteArrays([[], nil, [0, 1, 255]]),
                    ],
                    resultFormat: .binary
                )
            )
            #expect(try result.map { try $0.int64(0) } == [1, nil, .max])
            #expect(try result.map { try $0.text(1) } == ["", nil, "a,\"b\"{}\\ 🐎 NULL"])
            #expect(try result.map { try $0.double(2) } == [0.1, nil, -0.0])
            #expect(try result.map { try $0.bool(3) } == [true, nil, false])
            #expect(try result.map { try $0.bytes(4) } == [[], nil, [0, 1, 255]])
            let empty = try await pool.query(PostgresStatement("SELECT cardinality($1), $1::text", [.texts([])]))
            #expect(try empty[0].int64(0) == 0)
            #expect(try empty[0].text(1) == "{}")
        }
    }

    @Test func aBigArrayArrivesWhole() async throws {
        try await TestServer.withPool { pool in
            let count = 200_000
            let numbers = (0..<count).map { Int64($0) as Int64? }
            let texts = (0..<count).map { "text number \($0)" as String? }
            let result = try await pool.query(
                PostgresStatement(
                    "SELECT count(*), sum(n), sum(length(t)) FROM unnest($1::bigint[], $2::text[]) AS x(n, t)",
                    [.int64s(numbers), .texts(texts)]
                )
            )
            #expect(try result[0].int64(0) == Int64(count))
            #expect(try result[0].int64(1) == Int64(count) * Int64(count - 1) / 2)
            #expect(try result[0].int64(2) == Int64(texts.reduce(0) { $0 + ($1?.count ?? 0) }))
        }
    }

    @Test func injectionStaysData() async throws {
        try await TestServer.withPool { pool in
            let text = "'); DROP TABLE students; --"
            let result = try await pool.query(PostgresStatement("SELECT $1::text", [.text(text)]))
            #expect(try result[0].text(0) == text)
        }
    }

    @Test func aNULInATextIsRefusedBeforeItIsSent() async throws {
        try await TestServer.withPool { pool in
            for value in [PostgresValue.text("a\0b"), .texts(["a", "\0"])] {
                let error = try await failure { try await pool.query(PostgresStatement("SELECT $1", [value])) }
                #expect(error.code == .serverError)
                #expect(error.sqlState == "22021")
            }
            #expect(try await pool.query("SELECT 1")[0].int64(0) == 1)
        }
    }

    @Test func aWrongGetterThrows() async throws {
        try await TestServer.withPool { pool in
            let result = try await pool.query("SELECT 'abc' AS word, true AS flag")
            #expect(throws: PostgresError.self) { try result[0].int64(0) }
            #expect(throws: PostgresError.self) { try result[0].bytes(0) }
            #expect(throws: PostgresError.self) { try result[0].bool(0) }
            #expect(throws: PostgresError.self) { try result[0].column("nothing") }
            #expect(try result[0].bool(result[0].column("flag")) == true)
        }
    }

    @Test func affectedRowsAreCounted() async throws {
        try await TestServer.withPool { pool in
            try await TestServer.withTable(pool, "n int") { table in
                let counts = try await pool.withTransaction { session in
                    [
                        try session.execute("INSERT INTO \(table) SELECT generate_series(1, 7)"),
                        try session.execute("UPDATE \(table) SET n = n + 1 WHERE n > $1", 5),
                        try session.execute("DELETE FROM \(table) WHERE n > 100"),
                        try session.query("SELECT * FROM \(table) ORDER BY n").count,
                    ]
                }
                #expect(counts == [7, 2, 0, 7])
            }
        }
    }
}
#endif
