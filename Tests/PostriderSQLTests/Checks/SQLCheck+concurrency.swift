import Foundation
import PostriderSQL
import Testing

extension SQLCheck {
    static let concurrency: [SQLCheck] = [
        SQLCheck("twenty tasks count a row up and none is lost") { bed in
            try await bed.makeItems()
            try await bed.add("a")
            let item = bed.item
            try await withThrowingTaskGroup { group in
                for _ in 0..<20 {
                    group.addTask {
                        for _ in 0..<10 {
                            try await bed.database.transaction { transaction in
                                let count = try transaction.value(
                                    "SELECT count FROM \(item) WHERE id = 'a'\(transaction.forUpdate)",
                                    as: Int.self
                                )
                                try transaction.execute("UPDATE \(item) SET count = \((count ?? 0) + 1) WHERE id = 'a'")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let count = try await bed.database.read { try $0.value("SELECT count FROM \(item)", as: Int.self) }
            #expect(count == 200)
        },
        SQLCheck("of transactions at the same time each succeeds or fails for itself") { bed in
            try await bed.makeItems()
            let item = bed.item
            let codes = try await withThrowingTaskGroup(of: SQLError.Code?.self) { group in
                for index in 0..<40 {
                    group.addTask {
                        await sqlCode {
                            try await bed.database.transaction { transaction in
                                try transaction.execute("INSERT INTO \(item) (id) VALUES (\("k\(index)"))")
                                // Every fourth meets a rule, every other fourth the key of all of its kind.
                                let count = index % 4 == 0 ? -1 : 1
                                try transaction.execute(
                                    "INSERT INTO \(item) (id, count) VALUES (\("c\(index)"), \(count))"
                                )
                                if index % 4 == 1 {
                                    try transaction.execute("INSERT INTO \(item) (id) VALUES ('same')")
                                }
                            }
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.count { $0 == .constraint } == 10)
            #expect(codes.count { $0 == .conflict } == 9)
            #expect(codes.count { $0 == nil } == 21)
            #expect(try await bed.ids().count == 21 * 2 + 1)
        },
        SQLCheck("a cancelled task's transaction is not begun") { bed in
            try await bed.makeItems()
            let code = await withTaskGroup(of: SQLError.Code?.self) { group in
                group.addTask {
                    withUnsafeCurrentTask { $0?.cancel() }
                    return await sqlCode { try await bed.add("a") }
                }
                return await group.next() ?? nil
            }
            #expect(code == .cancelled)
            #expect(try await bed.ids() == [])
        },
        SQLCheck("a long read ends when its task is cancelled, and the database works on") { bed in
            try await bed.makeItems()
            let (began, beginning) = AsyncStream.makeStream(of: Void.self)
            let code = await withTaskGroup(of: SQLError.Code?.self) { group in
                group.addTask {
                    await sqlCode {
                        _ = try await bed.database.read { transaction in
                            beginning.yield()
                            return try transaction.rows(
                                """
                                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT 1 - i FROM n)
                                SELECT count(*) FROM n
                                """
                            )
                        }
                    }
                }
                for await _ in began { break }
                group.cancelAll()
                return await group.next() ?? nil
            }
            #expect(code == .cancelled)
            #expect(try await bed.ids() == [])
        },
        SQLCheck("closing lets what runs end and refuses what comes") { bed in
            try await bed.makeItems()
            let other = try await bed.backend == .sqlite ? bed.database : bed.backend.open().database
            let item = bed.item
            let (began, beginning) = AsyncStream.makeStream(of: Void.self)
            let go = DispatchSemaphore(value: 0)
            async let running = other.transaction { transaction in
                beginning.yield()
                go.wait()
                return try transaction.execute("INSERT INTO \(item) (id) VALUES ('a')")
            }
            for await _ in began { break }
            async let closing: Void = other.close()
            go.signal()
            #expect(try await running == 1)
            try await closing
            #expect(await sqlCode { _ = try await other.transaction { try $0.rows("SELECT 1") } } == .closed)
            #expect(await sqlCode { _ = try await other.read { try $0.rows("SELECT 1") } } == .closed)
            try await other.close()
        },
    ]
}
