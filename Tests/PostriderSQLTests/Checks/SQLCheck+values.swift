import Foundation
import PostriderSQL
import Testing

extension SQLCheck {
    private static func makeSamples(_ bed: SQLBed) async throws -> SQL {
        try await bed.make(
            SQLTable(
                bed.table("sample"),
                columns: [
                    SQLColumn("id", .identity),
                    SQLColumn("key", .uuid, isNullable: true),
                    SQLColumn("word", .text, isNullable: true),
                    SQLColumn("small", .integer, isNullable: true),
                    SQLColumn("large", .bigint, isNullable: true),
                    SQLColumn("share", .double, isNullable: true),
                    SQLColumn("is_done", .boolean, isNullable: true),
                    SQLColumn("at", .timestamp, isNullable: true),
                    SQLColumn("extra", .json, isNullable: true),
                    SQLColumn("body", .bytes, isNullable: true),
                ]
            )
        )
        return "\(table: bed.table("sample"))"
    }

    private enum Colour: String, SQLValueConvertible {
        case red
        case blue
    }

    static let values: [SQLCheck] = [
        SQLCheck("a value of every type comes back as it was") { bed in
            let sample = try await makeSamples(bed)
            let key = UUID()
            let at = Date(timeIntervalSince1970: 1_763_742_004.123)
            let body: [UInt8] = [0, 1, 255, 0]
            let row = try await bed.database.transaction { transaction in
                try transaction.row(
                    """
                    INSERT INTO \(sample) (key, word, small, large, share, is_done, at, extra, body)
                    VALUES (\(key), \("päth ' \" \\ ☂"), \(-7), \(Int64.max), \(0.1), \(true), \(at),
                        \(SQLJSON(text: #"{"a":[1,null]}"#)), \(body))
                    RETURNING *
                    """
                )
            }
            let made = try #require(row)
            #expect(try made.value("id", as: Int.self) == 1)
            #expect(try made.value("key", as: UUID.self) == key)
            #expect(try made.value("word", as: String.self) == "päth ' \" \\ ☂")
            #expect(try made.value("small", as: Int.self) == -7)
            #expect(try made.value("large", as: Int64.self) == Int64.max)
            #expect(try made.value("share", as: Double.self) == 0.1)
            #expect(try made.value("is_done", as: Bool.self))
            #expect(try made.value("at", as: Date.self) == at)
            #expect(try made.value("extra", as: SQLJSON.self).decoded(as: [String: [Int?]].self) == ["a": [1, nil]])
            #expect(try made.value("body", as: [UInt8].self) == body)
        },
        SQLCheck("NULL is read as nil in every type, and only there") { bed in
            let sample = try await makeSamples(bed)
            let row = try await bed.database.transaction { transaction in
                try transaction.row(
                    """
                    INSERT INTO \(sample) (key, word, small, large, share, is_done, at, extra, body)
                    VALUES (\(UUID?.none), \(String?.none), \(Int?.none), \(Int64?.none), \(Double?.none), \(Bool?.none),
                        \(Date?.none), \(SQLJSON?.none), \([UInt8]?.none))
                    RETURNING *
                    """
                )
            }
            let made = try #require(row)
            #expect(made.values.dropFirst().allSatisfy { $0 == .null })
            #expect(try made.value("key", as: UUID?.self) == nil)
            #expect(try made.value("at", as: Date?.self) == nil)
            #expect(await sqlCode { _ = try made.value("word", as: String.self) } == .typeMismatch)
            #expect(await sqlCode { _ = try made.value("nothing", as: String?.self) } == .typeMismatch)
            #expect(made["nothing"] == nil)
        },
        SQLCheck("empty texts and bytes are not NULL") { bed in
            let sample = try await makeSamples(bed)
            let row = try await bed.database.transaction { transaction in
                try transaction.row(
                    "INSERT INTO \(sample) (word, body) VALUES (\(""), \([UInt8]())) RETURNING word, body"
                )
            }
            #expect(row?.values == [.text(""), .bytes([])])
        },
        SQLCheck("enums with raw values are bound and read") { bed in
            let word = try await bed.database.read { transaction in
                try transaction.value("SELECT CAST(\(Colour.blue) AS TEXT)", as: Colour.self)
            }
            #expect(word == .blue)
        },
        SQLCheck("times come back to the millisecond, and their order is that of time") { bed in
            let sample = try await makeSamples(bed)
            let times = [
                -62_135_596_800.0, -86_400.001, -0.001, 0, 0.999, 951_782_400, 1_709_164_799.5, 4_102_444_800.25,
            ].map { Date(timeIntervalSince1970: $0) }
            try await bed.database.transaction { transaction in
                for time in times.reversed() { try transaction.execute("INSERT INTO \(sample) (at) VALUES (\(time))") }
            }
            let read = try await bed.database.read { transaction in
                try transaction.rows("SELECT at FROM \(sample) ORDER BY at").map { try $0.value("at", as: Date.self) }
            }
            #expect(read == times)
            let later = try await bed.database.read { transaction in
                try transaction.value("SELECT count(*) FROM \(sample) WHERE at > \(times[3])", as: Int.self)
            }
            #expect(later == 4)
        },
        SQLCheck("the database's own time is one of its times") { bed in
            let sample = try await makeSamples(bed)
            let at = try await bed.database.transaction { transaction in
                try transaction.value("INSERT INTO \(sample) (at) VALUES (\(SQL.now)) RETURNING at", as: Date.self)
            }
            #expect(try #require(at) > Date(timeIntervalSince1970: 1_700_000_000))
        },
        SQLCheck("large values come back whole") { bed in
            let sample = try await makeSamples(bed)
            let word = String(repeating: "aé☂", count: 700_000)
            let body = (0..<4_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let row = try await bed.database.transaction { transaction in
                try transaction.row("INSERT INTO \(sample) (word, body) VALUES (\(word), \(body)) RETURNING word, body")
            }
            #expect(try row?.value("word", as: String.self) == word)
            #expect(try row?.value("body", as: [UInt8].self) == body)
        },
        SQLCheck("NUL in a text and in a statement is refused") { bed in
            #expect(
                await sqlCode {
                    _ = try await bed.database.read { try $0.rows("SELECT CAST(\("a\0b") AS TEXT)") }
                } == .invalid
            )
            #expect(
                await sqlCode {
                    _ = try await bed.database.read { try $0.rows("SELECT 1 AS \(identifier: "a\0b")") }
                } == .invalid
            )
        },
        SQLCheck("nil, a value and nil again go into every kind of number, one after the other") { bed in
            let numbers: [(name: String, type: SQLColumnType)] = [
                ("tiny", .other(sqlite: "INTEGER", postgres: "SMALLINT")), ("small", .integer), ("large", .bigint),
                ("share", .double), ("part", .other(sqlite: "REAL", postgres: "REAL")),
                ("price", .other(sqlite: "NUMERIC", postgres: "NUMERIC(20, 4)")),
            ]
            try await bed.make(
                SQLTable(
                    bed.table("number"),
                    columns: [SQLColumn("id", .identity)]
                        + numbers.map { SQLColumn($0.name, $0.type, isNullable: true) }
                )
            )
            let table: SQL = "\(table: bed.table("number"))"
            let values: [SQLValue] = [.null, .integer(5), .null, .real(0.5), .integer(-7), .text("3"), .null]
            // One transaction, and so one connection: the texts are the same each time.
            let read = try await bed.database.transaction { transaction in
                for value in values {
                    for (name, type) in numbers {
                        // Only what holds fractions on both databases gets one.
                        let isWhole = [.integer, .bigint].contains(type) || name == "tiny"
                        let value = isWhole && value == .real(0.5) ? SQLValue.integer(1) : value
                        try transaction.execute("INSERT INTO \(table) (\(identifier: name)) VALUES (\(value))")
                    }
                }
                return try numbers.map { number in
                    try transaction.rows(
                        "SELECT \(identifier: number.name) AS n FROM \(table) WHERE \(identifier: number.name) IS NOT NULL ORDER BY id"
                    ).map { try $0.value("n", as: Double.self) }
                }
            }
            #expect(read == numbers.indices.map { $0 < 3 ? [5, 1, -7, 3] : [5, 0.5, -7, 3] })
        },
        SQLCheck("a sum of whole numbers is read as one") { bed in
            let sample = try await makeSamples(bed)
            let sum = try await bed.database.transaction { transaction in
                try transaction.execute("INSERT INTO \(sample) (large) VALUES (\(40)), (\(2))")
                return try transaction.value("SELECT sum(large) FROM \(sample)", as: Int.self)
            }
            #expect(sum == 42)
        },
        SQLCheck("what is not a number is refused") { bed in
            let sample = try await makeSamples(bed)
            for value: SQL in ["share) VALUES (\(Double.nan))", "at) VALUES (\(Date(timeIntervalSince1970: .nan)))"] {
                let code = await sqlCode {
                    _ = try await bed.database.transaction { try $0.execute("INSERT INTO \(sample) (\(value)") }
                }
                #expect(code == .invalid)
            }
        },
    ]
}
