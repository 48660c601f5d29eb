import Foundation
import HTTPTypes
import InMemoryLogging
import PostriderJobs
import QStash
import Testing

@testable import PostriderJobs

/// What others' errors say may be anything, such as a password of a connection string: logs tell their type.
@Suite struct ErrorLoggingTests {
    private struct Telling: Error, CustomStringConvertible { let description = "postgres://user:hunter2@db" }

    private struct TellingIdentity: IdentityProvider {
        func identity(of request: JobRequest) async throws -> Identity? { throw Telling() }
    }

    private struct TellingRecords: JobRecordStore {
        func create(_ record: JobRecord) async throws { throw Telling() }
        func record(_ requestID: String) async throws -> JobRecord? { throw Telling() }
        func apply(_ change: JobRecordChange, to requestID: String, now: Date) async throws -> JobRecordUpdate {
            throw Telling()
        }
        func stalledRecords(before moment: Date, limit: Int) async throws -> [JobRecord] { throw Telling() }
        func stalledRecords(after record: JobRecord, before moment: Date, limit: Int) async throws -> [JobRecord] {
            throw Telling()
        }
        func watch(_ onChange: @escaping @Sendable (String) -> Void) async throws { throw Telling() }
    }

    private let log = LogRecorder()

    /// The errors that were logged, by the event's name.
    private var errors: [String: String] {
        var errors: [String: String] = [:]
        for entry in log.handler.entries { errors["\(entry.message)"] = entry.metadata["error"].map { "\($0)" } }
        return errors
    }

    @Test func aHandlersErrorIsToldByItsType() async throws {
        let fixture = try StatusFixture(logger: log.logger) { routes in
            routes.user(.post, "/api/demo") { _ in throw Telling() }
            routes.user(.post, "/api/other") { _ in throw JobsError(.storeUnavailable, "hunter2") }
        }
        _ = try await fixture.send(.post, "/api/demo")
        _ = try await fixture.send(.post, "/api/other")
        #expect(
            errors == ["user_endpoint.failed": "Telling", "user_endpoint.unavailable": "JobsError store_unavailable"]
        )
        #expect(!log.text.contains("hunter2"))
    }

    @Test func anIdentityProvidersErrorIsToldByItsType() async throws {
        let fixture = try StatusFixture(logger: log.logger, identity: TellingIdentity()) { routes in
            routes.user(.post, "/api/demo") { _ in .status(204) }
        }
        #expect(try await fixture.send(.post, "/api/demo").head.status == .serviceUnavailable)
        #expect(try await fixture.send(.get, "/api/jobs/request-1").head.status == .serviceUnavailable)
        #expect(errors == ["user_endpoint.identity_failed": "Telling", "job_status.unavailable": "Telling"])
        #expect(!log.text.contains("hunter2"))
    }

    @Test func aClientsErrorIsToldByItsType() async throws {
        let fixture = try StatusFixture(logger: log.logger, cancelling: Telling())
        try await fixture.record(after: [StatusFixture.started])
        _ = try await fixture.send(.delete, "/api/jobs/request-1")
        #expect(errors == ["job_status.message_not_cancelled": "Telling"])
        #expect(!log.text.contains("hunter2"))
    }

    @Test func theSweeperTellsErrorsByTheirType() async throws {
        let fixture = try StatusFixture(logger: log.logger)
        try await fixture.record(after: [StatusFixture.started])
        fixture.clock.advance(by: 601)
        await JobSweeper(fixture.server) { _ in throw Telling() }.sweep()
        var storage = fixture.storage
        storage.records = TellingRecords()
        let broken = try StatusFixture(storage: storage, logger: log.logger)
        await JobSweeper(broken.server) { _ in true }.sweep()
        #expect(errors == ["job_sweeper.message_unknown": "Telling", "job_sweeper.round_failed": "Telling"])
        #expect(!log.text.contains("hunter2"))
    }

    @Test func theWatchTellsErrorsByTheirType() async throws {
        var storage = JobStorage.inMemory()
        storage.records = TellingRecords()
        let fixture = try StatusFixture(storage: storage, logger: log.logger)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await JobRecordWatch(fixture.server).run() }
            await fixture.clock.sleeper()
            group.cancelAll()
        }
        #expect(errors == ["job_records.watch_failed": "Telling"])
        #expect(!log.text.contains("hunter2"))
    }
}
