import Foundation
import PostriderCore
import PostriderSimulation
import Testing

@testable import PostriderStoreSQLite

@Suite struct DurabilityTests {
    @Test func everyCommitOfTheWriterIsSynced() async throws {
        let temporary = try TemporaryStore()
        let store = try await temporary.reopen()
        let (synchronous, autoVacuum, pageSize) = try await store.committer.write { writer in
            (
                try writer.session.integer("PRAGMA synchronous"),
                try writer.session.integer("PRAGMA auto_vacuum"),
                try writer.session.integer("PRAGMA page_size")
            )
        }
        #expect(synchronous == 2)
        #expect(autoVacuum == 2)
        #expect(pageSize == Int64(SQLiteSettings().pageBytes))
    }

    @Test func filesAreForTheirOwnerOnly() async throws {
        let temporary = try TemporaryStore()
        let store = try await temporary.reopen()
        _ = try await store.accept([Acceptance(message: sampleMessage(1))])
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(temporary.folder) == 0o700)
        let files = try FileManager.default.contentsOfDirectory(atPath: temporary.folder)
        #expect(files.contains("postrider.sqlite-wal"))
        for file in files { #expect(try mode(temporary.folder + "/" + file) == 0o600, "\(file)") }
    }

    @Test func anUncleanStopIsNoticedOnce() async throws {
        let temporary = try TemporaryStore()
        #expect(try await temporary.reopen().wasStoppedUncleanly == false)
        #expect(try await temporary.reopen().wasStoppedUncleanly == false)
        temporary.abandon()
        #expect(try await temporary.reopen().wasStoppedUncleanly)
        #expect(try await temporary.reopen().wasStoppedUncleanly == false)
    }

    @Test func whatWasAcknowledgedIsThereAfterAnUncleanStop() async throws {
        let temporary = try TemporaryStore()
        _ = try await temporary.reopen().accept([Acceptance(message: sampleMessage(1))])
        temporary.abandon()
        #expect(try await temporary.reopen().load([MessageKey(rawValue: 1)]).count == 1)
    }

    @Test func aClosedStoreSaysSo() async throws {
        let temporary = try TemporaryStore()
        let store = try await temporary.reopen()
        try await store.close()
        try await store.close()
        let write = await #expect(throws: StoreError.self) {
            _ = try await store.accept([Acceptance(message: sampleMessage(1))])
        }
        #expect(write?.code == .closed)
        let read = await #expect(throws: StoreError.self) { _ = try await store.pendingCount() }
        #expect(read?.code == .closed)
    }

    @Test func claimsThatHaveEndedDoNotPileUp() async throws {
        let temporary = try TemporaryStore()
        let store = try await temporary.reopen()
        for round in 0..<20 as Range<Int64> {
            let batch = try (0..<50 as Range<Int64>).map { number in
                let now = 1_000 + round * 100
                let message = try sampleMessage(1 + round * 50 + number, createdAt: now)
                let end = Timestamp(milliseconds: now + 100)
                return Acceptance(
                    message: message,
                    deduplication: DeduplicationClaim(id: "\(message.key.rawValue)", expiresAt: end)
                )
            }
            _ = try await store.accept(batch)
        }
        let count = try await store.committer.write { writer in
            try writer.session.integer("SELECT count(*) FROM deduplication")
        }
        #expect(count == 50)
    }

    @Test func damagedSettingsAreUnreadableAndHarmNoOthers() async throws {
        let temporary = try TemporaryStore()
        let store = try await temporary.reopen()
        _ = try await store.accept([
            Acceptance(message: sampleMessage(1)), Acceptance(message: sampleMessage(2)),
        ])
        try await store.committer.write { writer in
            try writer.session.execute("UPDATE message SET settings = x'01ff' WHERE key = 1")
        }
        let error = await #expect(throws: StoreError.self) {
            _ = try await store.message(MessageKey(rawValue: 1), account: .standard)
        }
        #expect(error?.code == .unreadable)
        #expect(try await store.load([MessageKey(rawValue: 2)]).count == 1)
    }

    @Test func aFileThatIsNoDatabaseIsUnreadable() async throws {
        let temporary = try TemporaryStore()
        try await temporary.reopen().close()
        temporary.abandon()
        try Data(repeating: 0x41, count: 10_000).write(to: URL(fileURLWithPath: temporary.databasePath))
        let error = await #expect(throws: StoreError.self) { _ = try await temporary.reopen() }
        #expect(error?.code == .unreadable)
    }
}
