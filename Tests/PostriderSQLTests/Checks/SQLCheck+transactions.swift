import Foundation
import PostriderSQL
import Testing

extension SQLCheck {
    private struct Refused: Error {}

    static let transactions: [SQLCheck] = [
        SQLCheck("what throws is rolled back whole, and the error comes out") { bed in
            try await bed.makeItems()
            let item = bed.item
            await #expect(throws: Refused.self) {
                try await bed.database.transaction { transaction in
                    try transaction.execute("INSERT INTO \(item) (id) VALUES ('a')")
                    throw Refused()
                }
            }
            try await bed.add("b")
            #expect(try await bed.ids() == ["b"])
        },
        SQLCheck("nobody sees what is not committed") { bed in
            try await bed.makeItems()
            let item = bed.item
            let (inserted, insertion) = AsyncStream.makeStream(of: Void.self)
            let go = DispatchSemaphore(value: 0)
            async let writing: Void = bed.database.transaction { transaction in
                try transaction.execute("INSERT INTO \(item) (id) VALUES ('a')")
                insertion.yield()
                go.wait()
            }
            for await _ in inserted { break }
            #expect(try await bed.ids() == [])
            go.signal()
            try await writing
            #expect(try await bed.ids() == ["a"])
        },
        SQLCheck("a read sees one state of the data") { bed in
            try await bed.makeItems()
            try await bed.add("a")
            let item = bed.item
            let (began, beginning) = AsyncStream.makeStream(of: Void.self)
            let go = DispatchSemaphore(value: 0)
            async let reading = bed.database.read { transaction in
                let first = try transaction.value("SELECT count(*) FROM \(item)", as: Int.self)
                beginning.yield()
                go.wait()
                return [first, try transaction.value("SELECT count(*) FROM \(item)", as: Int.self)]
            }
            for await _ in began { break }
            try await bed.add("b")
            go.signal()
            #expect(try await reading == [1, 1])
        },
        SQLCheck("a read does not write") { bed in
            try await bed.makeItems()
            let item = bed.item
            #expect(
                await sqlCode {
                    _ = try await bed.database.read { try $0.execute("INSERT INTO \(item) (id) VALUES ('a')") }
                } == .invalid
            )
            #expect(try await bed.ids() == [])
        },
        SQLCheck("a row that is there twice has the code conflict, other rules constraint") { bed in
            try await bed.makeItems()
            try await bed.makeChildren(of: bed.table("item"))
            try await bed.add("a")
            #expect(await sqlCode { try await bed.add("a") } == .conflict)
            #expect(await sqlCode { try await bed.add("b", count: -1) } == .constraint)
            let child = SQL("\(table: bed.table("child"))")
            #expect(
                await sqlCode {
                    _ = try await bed.database.transaction {
                        try $0.execute("INSERT INTO \(child) (item) VALUES ('x')")
                    }
                } == .constraint
            )
            #expect(
                await sqlCode {
                    _ = try await bed.database.transaction {
                        try $0.execute("INSERT INTO \(child) (item) VALUES (NULL)")
                    }
                } == .constraint
            )
            #expect(try await bed.ids() == ["a"])
        },
        SQLCheck("a row that others point to takes them along") { bed in
            try await bed.makeItems()
            try await bed.makeChildren(of: bed.table("item"))
            try await bed.add("a")
            let (item, child) = (bed.item, SQL("\(table: bed.table("child"))"))
            let left = try await bed.database.transaction { transaction in
                try transaction.execute("INSERT INTO \(child) (item) VALUES ('a'), ('a')")
                try transaction.execute("DELETE FROM \(item) WHERE id = 'a'")
                return try transaction.value("SELECT count(*) FROM \(child)", as: Int.self)
            }
            #expect(left == 0)
        },
        SQLCheck("after a failed statement nothing goes on and nothing is kept") { bed in
            try await bed.makeItems()
            try await bed.add("a")
            let item = bed.item
            #expect(
                await sqlCode {
                    try await bed.database.transaction { transaction in
                        try transaction.execute("INSERT INTO \(item) (id) VALUES ('b')")
                        _ = try? transaction.execute("INSERT INTO \(item) (id) VALUES ('a')")
                        // Even when the body keeps the failure to itself.
                        _ = try? transaction.execute("INSERT INTO \(item) (id) VALUES ('c')")
                    }
                } == .conflict
            )
            #expect(try await bed.ids() == ["a"])
        },
        SQLCheck("a savepoint is undone alone, within others too") { bed in
            try await bed.makeItems()
            try await bed.add("a")
            let item = bed.item
            try await bed.database.transaction { transaction in
                func insert(_ id: String) throws { try transaction.execute("INSERT INTO \(item) (id) VALUES (\(id))") }
                try insert("b")
                try transaction.savepoint {
                    try insert("c")
                    #expect(throws: SQLError.self) {
                        try transaction.savepoint {
                            try insert("d")
                            try insert("a")
                        }
                    }
                    try insert("e")
                }
                #expect(throws: Refused.self) {
                    try transaction.savepoint {
                        try insert("f")
                        throw Refused()
                    }
                }
                try insert("g")
            }
            #expect(try await bed.ids() == ["a", "b", "c", "e", "g"])
        },
    ]
}

extension SQLBed {
    /// Makes a table `child` whose rows point to another's.
    fileprivate func makeChildren(of parent: String) async throws {
        let child = SQLTable(
            table("child"),
            columns: [
                SQLColumn("id", .identity),
                SQLColumn("item", .text, references: SQLReference(parent, onRemoval: .cascade)),
            ]
        )
        try await database.migrate(SQLMigrations(namespace: "\(name)_child", [SQLMigration("child", [.table(child)])]))
    }
}
