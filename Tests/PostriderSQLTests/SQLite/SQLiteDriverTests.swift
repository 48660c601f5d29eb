import Foundation
import Logging
import Testing

@testable import PostriderSQL

@Suite struct SQLiteDriverTests {
    private struct Folder {
        let path: String

        init() throws {
            path = NSTemporaryDirectory() + "/postrider-sql-test-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }

        var file: String { path + "/data/application.sqlite" }

        func remove() throws { try FileManager.default.removeItem(atPath: path) }
    }

    private func open(_ path: String, _ settings: SQLSettings = SQLSettings()) throws -> SQLiteDriver {
        try SQLiteDriver.open(path: path, settings: settings, logger: Logger(label: "test"))
    }

    private let items = SQLMigrations(
        namespace: "items",
        [
            SQLMigration(
                "item",
                [.table(SQLTable("item", columns: [SQLColumn("id", .identity), SQLColumn("w", .text)]))]
            )
        ]
    )

    @Test func everyCommitIsSynced() async throws {
        let folder = try Folder()
        let driver = try open(folder.file)
        let found = try await driver.committer.exclusively { session in
            [
                try session.integer("PRAGMA synchronous"), try session.integer("PRAGMA foreign_keys"),
                try session.integer("SELECT journal_mode = 'wal' FROM pragma_journal_mode"),
            ]
        }
        // sqlite.org: 2 is FULL.
        #expect(found == [2, 1, 1])
        try await driver.close()
        try folder.remove()
    }

    @Test func filesAreTheirOwnersAlone() async throws {
        let folder = try Folder()
        let driver = try open(folder.file)
        try await driver.migrate(items)
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(folder.path + "/data") == 0o700)
        for suffix in ["", "-wal", "-shm"] { #expect(try mode(folder.file + suffix) == 0o600, "\(suffix)") }
        try await driver.close()
        try folder.remove()
    }

    @Test func dataOutlivesTheDatabase() async throws {
        let folder = try Folder()
        for number in 1...3 {
            let driver = try open(folder.file)
            try await driver.migrate(items)
            let count = try await driver.transaction { transaction in
                try transaction.execute("INSERT INTO item (w) VALUES ('a')")
                return try transaction.value("SELECT count(*) FROM item", as: Int.self)
            }
            #expect(count == number)
            try await driver.close()
        }
        try folder.remove()
    }

    @Test func aTemporaryDatabaseLeavesNothing() async throws {
        let file = try SQLiteFile(temporaryIn: NSTemporaryDirectory())
        let driver = try SQLiteDriver(file: file, settings: SQLSettings(), logger: Logger(label: "test"))
        #expect(FileManager.default.fileExists(atPath: file.path))
        try await driver.close()
        #expect(!FileManager.default.fileExists(atPath: (file.path as NSString).deletingLastPathComponent))
    }

    @Test func aFullDiskIsUnavailableAndTheFileIsOpenedAnew() async throws {
        let folder = try Folder()
        let driver = try open(folder.file)
        try await driver.migrate(items)
        try await driver.committer.exclusively { session in
            _ = try session.execute("PRAGMA max_page_count = 1")
        }
        let word = String(repeating: "x", count: 100_000)
        let error = await #expect(throws: SQLError.self) {
            try await driver.transaction { try $0.execute("INSERT INTO item (w) VALUES (\(word))") }
        }
        #expect(error?.code == .unavailable)
        // The bound was the connection's: that it is gone shows that this is another one.
        let count = try await driver.transaction { transaction in
            try transaction.execute("INSERT INTO item (w) VALUES (\(word))")
            return try transaction.value("SELECT count(*) FROM item", as: Int.self)
        }
        #expect(count == 1)
        #expect(try await driver.read { try $0.value("SELECT count(*) FROM item", as: Int.self) } == 1)
        try await driver.close()
        try folder.remove()
    }

    @Test func transactionsThatWaitShareACommit() async throws {
        let driver = try SQLiteDriver.openTemporary(settings: SQLSettings(), logger: Logger(label: "test"))
        try await driver.migrate(items)
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let go = DispatchSemaphore(value: 0)
        async let first: Void = driver.transaction { _ in
            beginning.yield()
            go.wait()
        }
        for await _ in began { break }
        try await withThrowingTaskGroup { group in
            for _ in 0..<10 {
                group.addTask {
                    try await driver.transaction { _ = try $0.execute("INSERT INTO item (w) VALUES ('a')") }
                }
            }
            while driver.committer.waitingCount < 10 { await Task.yield() }
            go.signal()
            try await group.waitForAll()
        }
        try await first
        // One for the first, one for all others.
        #expect(driver.committer.commitCount == 2)
        try await driver.close()
    }

    @Test func aDatabaseIsCopiedBeforeItIsMigratedFurther() async throws {
        let folder = try Folder()
        let driver = try open(folder.file)
        try await driver.migrate(items)
        try await driver.transaction { _ = try $0.execute("INSERT INTO item (w) VALUES ('a')") }
        let copy = folder.file + "-before-items-2"
        #expect(!FileManager.default.fileExists(atPath: copy))
        let more = SQLMigration("clear", [.sql(sqlite: ["DELETE FROM item"], postgres: [])])
        try await driver.migrate(SQLMigrations(namespace: "items", items.migrations + [more]))
        try await driver.close()
        let kept = try open(copy)
        #expect(try await kept.read { try $0.value("SELECT w FROM item", as: String.self) } == "a")
        try await kept.close()
        try folder.remove()
    }

    @Test func twoProcessesTakeTurns() async throws {
        let folder = try Folder()
        let drivers = [try open(folder.file), try open(folder.file)]
        try await drivers[0].migrate(items)
        try await withThrowingTaskGroup { group in
            for driver in drivers {
                group.addTask {
                    for _ in 0..<20 {
                        try await driver.transaction { _ = try $0.execute("INSERT INTO item (w) VALUES ('a')") }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await drivers[1].read { try $0.value("SELECT count(*) FROM item", as: Int.self) } == 40)
        for driver in drivers { try await driver.close() }
        try folder.remove()
    }

    @Test func whatHasTheWrongTypeIsRefused() async throws {
        let driver = try SQLiteDriver.openTemporary(settings: SQLSettings(), logger: Logger(label: "test"))
        let table = SQLTable(
            "t",
            columns: [
                SQLColumn("a", .timestamp, isNullable: true), SQLColumn("b", .json, isNullable: true),
                SQLColumn("c", .integer, isNullable: true), SQLColumn("d", .uuid, isNullable: true),
            ]
        )
        try await driver.migrate(SQLMigrations(namespace: "t", [SQLMigration("t", [.table(table)])]))
        for sql: SQL in [
            "INSERT INTO t (a) VALUES ('yesterday')", "INSERT INTO t (b) VALUES ('{')",
            "INSERT INTO t (c) VALUES ('x')",
            "INSERT INTO t (d) VALUES ('x')", "INSERT INTO t (c) VALUES (\(Double.nan))",
        ] {
            await #expect(throws: SQLError.self, "\(sql)") { try await driver.transaction { try $0.execute(sql) } }
        }
        try await driver.close()
    }

    @Test func aReaderUnderWhichTheFileFailedIsOpenedAnew() async throws {
        let folder = try Folder()
        let driver = try open(folder.file, SQLSettings(readerCount: 1))
        try await driver.migrate(items)
        try await driver.committer.exclusively { session in
            _ = try session.execute("INSERT INTO item (w) VALUES ('a')")
            _ = try session.integer("PRAGMA wal_checkpoint(TRUNCATE)")
        }
        _ = try await driver.read { try $0.rows("PRAGMA cache_size = 17") }
        let whole = try Data(contentsOf: URL(fileURLWithPath: folder.file))
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: folder.file))
        try handle.seek(toOffset: 4_096)
        try handle.write(contentsOf: Data(repeating: 0xaa, count: whole.count - 4_096))
        let error = await #expect(throws: SQLError.self) { try await driver.read { try $0.rows("SELECT w FROM item") } }
        #expect(error?.code == .unavailable)
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: whole)
        try handle.close()
        // The setting was the connection's: that it is gone shows that this is another one.
        #expect(try await driver.read { try $0.value("PRAGMA cache_size", as: Int.self) } != 17)
        #expect(try await driver.read { try $0.value("SELECT w FROM item", as: String.self) } == "a")
        try await driver.close()
        try folder.remove()
    }

    @Test func aReadCancelledBetweenTwoStatementsEnds() async throws {
        let driver = try SQLiteDriver.openTemporary(
            settings: SQLSettings(readerCount: 1),
            logger: Logger(label: "test")
        )
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let go = DispatchSemaphore(value: 0)
        let code = await withTaskGroup(of: SQLError.Code?.self) { group in
            group.addTask {
                await sqlCode {
                    _ = try await driver.read { transaction in
                        _ = try transaction.rows("SELECT 1")
                        beginning.yield()
                        go.wait()
                        return try transaction.rows("SELECT 2")
                    }
                }
            }
            for await _ in began { break }
            group.cancelAll()
            go.signal()
            return await group.next() ?? nil
        }
        #expect(code == .cancelled)
        #expect(try await driver.read { try $0.value("SELECT 1", as: Int.self) } == 1)
        try await driver.close()
    }

    @Test func aBodyThatEndsTheTransactionFailsAlone() async throws {
        let driver = try SQLiteDriver.openTemporary(settings: SQLSettings(), logger: Logger(label: "test"))
        try await driver.migrate(items)
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let go = DispatchSemaphore(value: 0)
        async let held: Void = driver.committer.exclusively { _ in
            beginning.yield()
            go.wait()
        }
        for await _ in began { break }
        let codes = try await withThrowingTaskGroup(of: SQLError.Code?.self) { group in
            for index in 0..<5 {
                group.addTask {
                    await sqlCode {
                        try await driver.transaction { transaction in
                            try transaction.execute("INSERT INTO item (w) VALUES ('a')")
                            guard index == 2, let session = transaction.scope.session as? SQLiteSession else { return }
                            try session.control("ROLLBACK")
                        }
                    }
                }
            }
            while driver.committer.waitingCount < 5 { await Task.yield() }
            go.signal()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        try await held
        #expect(codes.count { $0 == .invalid } == 1)
        #expect(codes.count { $0 == nil } == 4)
        #expect(try await driver.read { try $0.value("SELECT count(*) FROM item", as: Int.self) } == 4)
        try await driver.close()
    }

    @Test func aGroupThatCannotBeginFailsAtOnce() async throws {
        let folder = try Folder()
        let other = try open(folder.file)
        try await other.migrate(items)
        let driver = try open(folder.file, SQLSettings(busyMilliseconds: 50))
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let (go, ready) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        async let held: Void = other.committer.exclusively { session in
            try session.control("BEGIN IMMEDIATE")
            beginning.yield()
            go.wait()
            try session.control("ROLLBACK")
        }
        for await _ in began { break }
        async let queued: Void = driver.committer.exclusively { _ in ready.wait() }
        let codes = await withTaskGroup(of: SQLError.Code?.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    await sqlCode {
                        try await driver.transaction { _ = try $0.execute("INSERT INTO item (w) VALUES ('a')") }
                    }
                }
            }
            while driver.committer.waitingCount < 10 { await Task.yield() }
            ready.signal()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.allSatisfy { $0 == .unavailable })
        #expect(driver.committer.attemptCount == 1)
        go.signal()
        try await held
        try await queued
        try await driver.transaction { _ = try $0.execute("INSERT INTO item (w) VALUES ('a')") }
        for driver in [driver, other] { try await driver.close() }
        try folder.remove()
    }

    @Test func aTransactionThatCannotBeEndedCostsItsConnection() async throws {
        let driver = try SQLiteDriver.openTemporary(settings: SQLSettings(), logger: Logger(label: "test"))
        try await driver.migrate(items)
        try await driver.committer.exclusively { session in
            _ = try session.execute("PRAGMA cache_size = 17")
            session.markDamaged()
        }
        let size = try await driver.committer.exclusively { try $0.integer("PRAGMA cache_size") }
        #expect(size != 17)
        try await driver.close()
    }
}
