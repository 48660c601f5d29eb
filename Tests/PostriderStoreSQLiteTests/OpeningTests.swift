import Foundation
import PostriderCore
import PostriderSimulation
import Testing

@testable import PostriderStoreSQLite

@Suite struct OpeningTests {
    private static func open(
        _ temporary: TemporaryStore,
        migrations: [Migration] = Migration.all
    ) throws -> SQLiteStore {
        try SQLiteStore(
            folder: temporary.folder,
            random: SequentialRandom(),
            settings: SQLiteSettings(),
            migrations: migrations
        )
    }

    private static let second = Migration(sql: "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT")

    @Test func aSecondOpeningOfTheFolderIsRefusedWithAdvice() async throws {
        let temporary = try TemporaryStore()
        let store = try await temporary.reopen()
        let error = #expect(throws: StoreError.self) { _ = try Self.open(temporary) }
        #expect(error?.code == .refused)
        #expect(error?.detail.contains("--data") == true)
        #expect(try await store.pendingCount() == 0)
        try await store.close()
        _ = try Self.open(temporary)
    }

    @Test func aFolderThatCannotBeMadeIsRefused() {
        let error = #expect(throws: StoreError.self) {
            _ = try SQLiteStore(folder: "/dev/null/data", random: SequentialRandom())
        }
        #expect(error?.code == .refused)
    }

    @Test func aNewerSchemaIsRefusedAndLeftAsItIs() async throws {
        let temporary = try TemporaryStore()
        let newer = try Self.open(temporary, migrations: Migration.all + [Self.second])
        try await newer.close()
        for _ in 0..<2 {
            let error = #expect(throws: StoreError.self) { _ = try Self.open(temporary) }
            #expect(error?.code == .refused)
            #expect(error?.detail.contains("schema 2") == true)
        }
        let again = try Self.open(temporary, migrations: Migration.all + [Self.second])
        #expect(again.wasStoppedUncleanly == false)
    }

    @Test func theDatabaseIsCopiedBeforeItIsMigrated() async throws {
        let temporary = try TemporaryStore()
        let old = try Self.open(temporary)
        _ = try await old.accept([Acceptance(message: sampleMessage(1))])
        try await old.close()
        let copy = temporary.folder + "/postrider-schema-1.sqlite"
        #expect(!FileManager.default.fileExists(atPath: copy))
        let migrated = try Self.open(temporary, migrations: Migration.all + [Self.second])
        #expect(migrated.storeID == old.storeID)
        #expect(try await migrated.load([MessageKey(rawValue: 1)]).count == 1)
        try await migrated.close()
        #expect(try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int == 0o600)

        let restored = try TemporaryStore()
        try FileManager.default.createDirectory(atPath: restored.folder, withIntermediateDirectories: false)
        try FileManager.default.copyItem(atPath: copy, toPath: restored.databasePath)
        let restoredStore = try await restored.reopen()
        #expect(try await restoredStore.load([MessageKey(rawValue: 1)]).count == 1)
    }

    @Test func aMigrationThatFailsChangesNothing() async throws {
        let temporary = try TemporaryStore()
        try await Self.open(temporary).close()
        let broken = Migration(sql: "CREATE TABLE half (id INTEGER PRIMARY KEY); CREATE TABLE message (id INTEGER)")
        #expect(throws: StoreError.self) { _ = try Self.open(temporary, migrations: Migration.all + [broken]) }
        let store = try Self.open(temporary)
        #expect(try await store.pendingCount() == 0)
    }

    @Test func everyStoreHasANumberOfItsOwn() async throws {
        let random = SeededRandom(seed: 7)
        let first = try TemporaryStore()
        let second = try TemporaryStore()
        let one = try SQLiteStore(folder: first.folder, random: random)
        let two = try SQLiteStore(folder: second.folder, random: random)
        #expect(one.storeID != two.storeID)
    }
}
