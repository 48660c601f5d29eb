import PostriderSQL
import Testing

extension SQLCheck {
    static let statements: [SQLCheck] = [
        SQLCheck("words that look like SQL stay data") { bed in
            try await bed.makeItems()
            let words = [
                "'; DROP TABLE item; --", "\" OR 1=1", "$1", "?", "\\'; --", "%s", "/* */", "E'\\x41'", "{\"a\":1}",
            ]
            let item = bed.item
            for word in words { try await bed.add(word, note: word) }
            let found = try await bed.database.read { transaction in
                try words.map { word in
                    try transaction.rows("SELECT note FROM \(item) WHERE id = \(word)").map { row in
                        try row.value("note", as: String.self)
                    }
                }
            }
            #expect(found == words.map { [$0] })
        },
        SQLCheck("names are quoted, whatever they contain") { bed in
            let row = try await bed.database.read { transaction in
                try transaction.row("SELECT 1 AS \(identifier: "a\"b; --"), 2 AS \(identifier: "select")")
            }
            #expect(row?.columns == ["a\"b; --", "select"])
        },
        SQLCheck("lists are bound one by one, and an empty list finds nothing") { bed in
            try await bed.makeItems()
            for id in ["a", "b", "c"] { try await bed.add(id) }
            let item = bed.item
            let (some, none) = try await bed.database.read { transaction in
                (
                    try transaction.rows("SELECT id FROM \(item) WHERE id IN (\(list: ["a", "c", "x"]))").count,
                    try transaction.rows("SELECT id FROM \(item) WHERE id IN (\(list: [String]()))").count
                )
            }
            #expect(some == 2)
            #expect(none == 0)
        },
        SQLCheck("parts of statements keep their parameters in order") { bed in
            try await bed.makeItems()
            for index in 0..<5 { try await bed.add("k\(index)", count: index) }
            let item = bed.item
            let conditions: [SQL] = ["count > \(0)", "count < \(4)", "id <> \("k2")"]
            let ids = try await bed.database.read { transaction in
                try transaction.rows(
                    "SELECT id FROM \(item) WHERE \(conditions.joined(separator: " AND ")) ORDER BY id LIMIT \(10)"
                ).map { try $0.value("id", as: String.self) }
            }
            #expect(ids == ["k1", "k3"])
        },
        SQLCheck("affected rows are counted") { bed in
            try await bed.makeItems()
            let item = bed.item
            let counts = try await bed.database.transaction { transaction in
                [
                    try transaction.execute("INSERT INTO \(item) (id) VALUES ('a'), ('b'), ('c')"),
                    try transaction.execute("UPDATE \(item) SET count = 1 WHERE id <> 'a'"),
                    try transaction.execute("UPDATE \(item) SET count = 1 WHERE id = 'x'"),
                    try transaction.execute("INSERT INTO \(item) (id) VALUES ('a') ON CONFLICT DO NOTHING"),
                    try transaction.execute("DELETE FROM \(item)"),
                ]
            }
            #expect(counts == [3, 2, 0, 0, 3])
        },
        SQLCheck("an insertion that meets a row can update it and answer") { bed in
            try await bed.makeItems()
            let item = bed.item
            let counts = try await bed.database.transaction { transaction in
                try (0..<3).map { _ in
                    try transaction.value(
                        """
                        INSERT INTO \(item) AS i (id, count) VALUES (\("a"), \(1))
                        ON CONFLICT (id) DO UPDATE SET count = i.count + excluded.count RETURNING count
                        """,
                        as: Int.self
                    )
                }
            }
            #expect(counts == [1, 2, 3])
        },
        SQLCheck("rows are handed over one by one, and other statements may run meanwhile") { bed in
            try await bed.makeItems()
            for index in 0..<5 { try await bed.add("k\(index)", count: index) }
            let item = bed.item
            let total = try await bed.database.transaction { transaction in
                var total = 0
                try transaction.forEach("SELECT id FROM \(item) ORDER BY id") { row in
                    let id = try row.value("id", as: String.self)
                    total += try transaction.value("SELECT count FROM \(item) WHERE id = \(id)", as: Int.self) ?? 0
                    _ = try transaction.rows("SELECT id FROM \(item) ORDER BY id")
                }
                return total
            }
            #expect(total == 10)
        },
        SQLCheck("what a row's reader throws ends the reading and comes out") { bed in
            try await bed.makeItems()
            for index in 0..<3 { try await bed.add("k\(index)") }
            struct Enough: Error {}
            let item = bed.item
            let seen = try await bed.database.read { transaction in
                var seen = 0
                do {
                    try transaction.forEach("SELECT id FROM \(item)") { _ in
                        seen += 1
                        if seen == 2 { throw Enough() }
                    }
                } catch is Enough {
                    // The transaction is as good as before.
                    return try transaction.value("SELECT count(*) FROM \(item)", as: Int.self) ?? 0 + seen * 100
                }
                return -1
            }
            #expect(seen == 3)
        },
        SQLCheck("wrong statements have the code invalid") { bed in
            let wrong: [SQL] = [
                "SELEKT 1", "SELECT nothing FROM nowhere", "SELECT 1; SELECT 2", "", "COMMIT", "rollback", "BEGIN",
                "END", "/* so */ COMMIT", "-- so\nROLLBACK", "; /**/ -- x\n END", "/* /* */ */ COMMIT",
                "/* /* */ COMMIT",
                "rollback /* to */ -- to\n", "COMMIT/**/WORK",
            ]
            for sql in wrong {
                #expect(await sqlCode { _ = try await bed.database.read { try $0.rows(sql) } } == .invalid, "\(sql)")
            }
            let one = try await bed.database.read { try $0.value("SELECT 1", as: Int.self) }
            #expect(one == 1)
        },
        SQLCheck("errors say nothing of values") { bed in
            try await bed.makeItems()
            try await bed.add("secret-word")
            do {
                try await bed.add("secret-word", note: "hidden")
                Issue.record("a second row with the same key was taken")
            } catch {
                #expect(!"\(error)".contains("secret-word"))
                #expect(!"\(error)".contains("hidden"))
            }
        },
    ]
}
