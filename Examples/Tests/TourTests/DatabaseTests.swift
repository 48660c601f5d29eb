import Foundation
import PostriderSQL
import Synchronization
import Testing
import Tour

/// The database does as the tour says; SQLite here, and the framework's own tests run the same on PostgreSQL.
@Suite struct DatabaseTests {
    private let owner = UUID()

    private func database() async throws -> SQLDatabase {
        let database = try await SQLDatabase.open(.temporary)
        try await database.migrate(DatabaseTour.migrations)
        return database
    }

    @Test func theEnvironmentNamesTheFile() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let database = try await DatabaseTour.open(environment: [:], dataFolder: folder)
        #expect(database.dialect == .sqlite)
        #expect(FileManager.default.fileExists(atPath: folder + "/application.sqlite"))
        try await database.close()
    }

    @Test func anOrderIsPaidOnce() async throws {
        let database = try await database()
        try await DatabaseTour.insert(database, ids: ["a", "b"], owner: owner, items: ["cup"])
        #expect(try await DatabaseTour.pay(database, order: "a", at: Date()))
        #expect(try await !DatabaseTour.pay(database, order: "a", at: Date()))
        #expect(try await DatabaseTour.totals(database, ids: ["a", "b", "c"]) == ["a": 1_250, "b": 1_250])
        #expect(try await DatabaseTour.items(database, order: "a") == ["cup"])
        #expect(try await DatabaseTour.items(database, order: "c") == nil)
        try await database.close()
    }

    @Test func anOpenOrderIsClaimedOnce() async throws {
        let database = try await database()
        try await DatabaseTour.insert(database, ids: ["a"], owner: owner, items: [])
        #expect(try await DatabaseTour.claim(database) == "a")
        #expect(try await DatabaseTour.claim(database) == nil)
        #expect(try await DatabaseTour.older(database, thanDays: 1) == 0)
        try await database.close()
    }

    @Test func aConflictEndsItsSavepointAlone() async throws {
        let database = try await database()
        #expect(try await DatabaseTour.insertNew(database, id: "a", owner: owner))
        #expect(try await !DatabaseTour.insertNew(database, id: "a", owner: owner))
        try await database.close()
    }

    @Test func aCommitIsHeardOf() async throws {
        let database = try await database()
        try await DatabaseTour.insert(database, ids: ["a"], owner: owner, items: [])
        let heard = Heard()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await DatabaseTour.watch(database) { id in
                    heard.add(id)
                    return false
                }
            }
            // Whoever begins to listen late hears of a later commit.
            group.addTask {
                while !Task.isCancelled {
                    try await database.transaction { tx in try tx.notify("orders", "a") }
                }
            }
            try await group.next()
            group.cancelAll()
        }
        #expect(heard.ids == ["a"])
        try await database.close()
    }

    @Test func theSQLCanBePrinted() throws {
        let text = try DatabaseTour.text()
        #expect(text.contains("ENABLE ROW LEVEL SECURITY"))
        #expect(text.contains("INSERT INTO postrider_migration"))
    }
}

/// What a listener was told.
private final class Heard: Sendable {
    private let state = Mutex<[String]>([])

    var ids: [String] { state.withLock { $0 } }

    func add(_ id: String) {
        state.withLock { $0.append(id) }
    }
}
