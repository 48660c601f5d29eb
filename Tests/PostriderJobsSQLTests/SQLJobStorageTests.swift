import Foundation
import PostriderJobs
import PostriderJobsConformance
import PostriderJobsSQL
import PostriderSQL
import Testing

@Suite struct SQLJobStorageTests {
    private static let tables = [
        "job_delivery", "job_reservation", "background_jobs", "job_rate_limit", "job_circuit", "job_dead_letter",
    ]

    private static func empty(_ storage: SQLJobStorage) async throws {
        try await storage.database.transaction { transaction in
            for table in tables { _ = try transaction.execute("DELETE FROM \(identifier: table)") }
        }
    }

    @Test(arguments: StorageBed.allCases)
    func itDoesWhatEveryStorageMust(on bed: StorageBed) async throws {
        try await bed.run { storage in
            for check in StorageCheck.all {
                try await Self.empty(storage)
                await #expect(throws: Never.self, "\(check)") { try await check.run(on: JobStorage(storage)) }
            }
        }
    }

    @Test(arguments: StorageBed.allCases)
    func jobsKeepTheirPromisesOnIt(on bed: StorageBed) async throws {
        try await bed.run { storage in
            for acceptance in AcceptanceCase.jobs {
                try await Self.empty(storage)
                await #expect(throws: Never.self, "\(acceptance)") { try await acceptance.run(JobStorage(storage)) }
            }
        }
    }

    @Test(arguments: StorageBed.allCases)
    func webhooksKeepTheirPromisesOnIt(on bed: StorageBed) async throws {
        try await bed.run { storage in
            for acceptance in AcceptanceCase.hooks {
                try await Self.empty(storage)
                await #expect(throws: Never.self, "\(acceptance)") { try await acceptance.run(JobStorage(storage)) }
            }
        }
    }

    @Test(arguments: StorageBed.allCases)
    func migratingAgainChangesNothing(on bed: StorageBed) async throws {
        try await bed.run { storage in
            let lock = DeliveryLock(
                key: "a",
                owner: LockOwner(instance: "a", life: "b", token: "c"),
                ttl: .seconds(30)
            )
            let now = Date(timeIntervalSince1970: 1_790_000_000)
            #expect(try await storage.acquire(lock, now: now) == .acquired)
            try await storage.migrate()
            #expect(try await storage.renew(lock, reservation: nil, now: now))
        }
    }

    @Test func whatIsCommittedIsThereAfterTheFileIsOpenedAgain() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "jobs-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let location = SQLLocation.file(folder.appending(path: "application.sqlite").path)
        let now = Date(timeIntervalSince1970: 1_790_000_000)
        let lock = DeliveryLock(key: "a", owner: LockOwner(instance: "a", life: "b", token: "c"), ttl: .seconds(30))
        try await StorageBed.use(location) { storage in
            _ = try await storage.acquire(lock, now: now)
            let completion = DeliveryCompletion(
                lock: lock,
                doneTTL: .seconds(60),
                reservation: nil,
                requestID: nil,
                recordChange: nil,
                now: now
            )
            #expect(try await storage.commit(completion))
        }
        try await StorageBed.use(location) { storage in
            let again = try await storage.acquire(lock, now: now)
            #expect(again == .done)
        }
    }

    @Test func aDatabaseThatIsClosedIsUnavailable() async throws {
        let database = try await SQLDatabase.open(.temporary)
        let storage = SQLJobStorage(database)
        try await storage.migrate()
        try await database.close()
        await #expect {
            _ = try await storage.record("request-1")
        } throws: { error in
            (error as? JobsError)?.code == .storeUnavailable
        }
    }

    @Test func aTableOfAnExistingApplicationGetsWhatItLacks() async throws {
        let database = try await SQLDatabase.open(.temporary)
        try await database.transaction { transaction in
            _ = try transaction.execute(
                """
                CREATE TABLE background_jobs (
                    id TEXT PRIMARY KEY, request_id TEXT UNIQUE NOT NULL, job_type TEXT NOT NULL, status TEXT NOT NULL,
                    progress INTEGER, error_message TEXT, result_data TEXT, created_at TEXT NOT NULL,
                    updated_at TEXT NOT NULL, completed_at TEXT)
                """
            )
            _ = try transaction.execute(
                """
                INSERT INTO background_jobs (id, request_id, job_type, status, progress, created_at, updated_at)
                VALUES ('1', 'old', 'sync', 'queued', 0, '2026-03-02T08:00:00.000Z', '2026-03-02T08:00:00.000Z')
                """
            )
        }
        let storage = SQLJobStorage(database)
        try await storage.migrate()
        let record = try #require(try await storage.record("old"))
        #expect(record.status == .queued && record.version == 1 && record.attempt == 0 && record.userID == nil)
        let change = JobRecordChange.started(attempt: 1, maxRetries: 3, messageID: "msg_1")
        let update = try await storage.apply(change, to: "old", now: Date(timeIntervalSince1970: 1_790_000_000))
        #expect(update == record.applying(change, at: Date(timeIntervalSince1970: 1_790_000_000)).map { .changed($0) })
        try await database.close()
    }
}
