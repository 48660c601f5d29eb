import InMemoryLogging
import InMemoryTracing
import Logging
import PostriderJobs
import PostriderJobsConformance
import Testing
import Tracing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct JobTelemetryTests {
    private struct Telling: Error, CustomStringConvertible { let description = "secret-of-the-payload" }

    private let log = LogRecorder()
    private let tracer = InMemoryTracer()

    private func respond(
        storage: JobStorage = .inMemory(),
        options: JobOptions<Note> = JobOptions(),
        requestID: String? = nil,
        handler: @escaping @Sendable (Note, JobContext) async throws -> JobOutcome
    ) async throws -> JobResponse {
        var routes = JobRoutes()
        routes.job(Note.self, options: options, handler: handler)
        var configuration = JobServer.Configuration(
            publicBaseURL: JobBench.origin,
            signingKeys: .fixed(current: JobBench.currentKey, next: JobBench.nextKey)
        )
        configuration.tracer = tracer
        let clock = ManualJobClock()
        let server = try JobServer(
            routes,
            configuration: configuration,
            storage: storage,
            identity: NoIdentity(),
            clock: clock,
            randomBytes: { count in (0..<count).map { UInt8(truncatingIfNeeded: $0) } },
            logger: log.logger
        )
        var delivery = SignedDelivery(
            origin: JobBench.origin,
            path: Note.path,
            body: Array(#"{"text":"a","count":1}"#.utf8),
            messageID: "msg_1",
            signingKey: JobBench.currentKey
        )
        delivery.requestID = requestID
        return try #require(await server.respond(to: delivery.request(issuedAt: clock.now)))
    }

    /// Level, name, and what was told beside it of each event of the job.
    private var events: [String] {
        log.handler.entries.filter { "\($0.message)".hasPrefix("jobs.") }.map { entry in
            let told = ["reason", "error.type", "error.code", "status"].compactMap { name in
                entry.metadata[name].map { "\(name)=\($0)" }
            }
            return (["\(entry.level)", "\(entry.message)"] + told).joined(separator: " ")
        }
    }

    private static let endings: [(JobOutcome, String)] = [
        (.done, "debug jobs.take_note.completed"),
        (.skipped(reason: "unchanged"), "debug jobs.take_note.skipped reason=unchanged"),
        (
            .retry(reason: "the provider asks to wait"),
            "warning jobs.take_note.failed reason=the provider asks to wait error.code=internal status=500"
        ),
        (
            .failed(code: "file_missing", reason: "the file was deleted"),
            "warning jobs.take_note.failed reason=the file was deleted error.code=file_missing status=489"
        ),
    ]

    @Test(arguments: endings)
    func anOutcomeIsToldOnce(outcome: JobOutcome, told: String) async throws {
        _ = try await respond { _, _ in outcome }
        #expect(events == [told])
    }

    @Test func aThrownFailureIsToldLikeAReturnedOne() async throws {
        _ = try await respond { _, _ in throw JobFailure.permanent("file_missing", "the file was deleted") }
        #expect(
            events == [
                "warning jobs.take_note.failed reason=the file was deleted error.type=JobFailure "
                    + "error.code=file_missing status=489"
            ]
        )
    }

    @Test func ofAnotherErrorOnlyTheTypeIsTold() async throws {
        _ = try await respond { _, _ in throw Telling() }
        #expect(events == ["warning jobs.take_note.failed error.type=Telling error.code=internal status=500"])
        #expect(!log.text.contains("secret-of-the-payload"))
    }

    @Test func whatAHandlerCommittedItselfIsTold() async throws {
        _ = try await respond { _, context in
            try await context.complete { completion in
                _ = try await context.storage.ledger.commit(completion(.done))
                return .done
            }
        }
        #expect(events == ["debug jobs.take_note.completed"])
    }

    @Test func aHandlerThatFailsAfterItsCommitHasCompleted() async throws {
        _ = try await respond { _, context in
            _ = try await context.complete { completion in
                _ = try await context.storage.ledger.commit(completion(.skipped(reason: "old")))
                return .skipped(reason: "old")
            }
            throw Telling()
        }
        #expect(events == ["debug jobs.take_note.skipped reason=old"])
        #expect(log.messages.contains("the handler failed after it had completed its delivery"))
    }

    @Test func aCancelledJobIsSkipped() async throws {
        let storage = JobStorage.inMemory()
        let record = JobRecord(
            id: "00000000-0000-4000-8000-000000000001",
            requestID: "request-1",
            jobType: Note.jobName,
            maxRetries: 3,
            createdAt: ManualJobClock().now
        )
        try await storage.records.create(record)
        _ = try await respond(storage: storage, requestID: "request-1") { _, context in
            _ = try await storage.records.apply(.cancelled, to: "request-1", now: context.now.addingTimeInterval(1))
            try await context.report(progress: 50)
            return .done
        }
        #expect(events == ["debug jobs.take_note.skipped reason=cancelled"])
    }

    @Test func workThatCouldNotBeCommittedIsNotToldAsCompleted() async throws {
        var storage = JobStorage.inMemory()
        storage.ledger = CommitlessLedger(ledger: storage.ledger)
        _ = try await respond(storage: storage) { _, _ in .done }
        #expect(events == ["warning jobs.take_note.failed error.code=not_committed status=200"])
    }

    @Test func aLongBusinessKeyIsToldAsItsHash() async throws {
        let options = JobOptions<Note>(businessKey: { _ in String(repeating: "k", count: 10_000) })
        let response = try await respond(options: options) { _, context in
            context.logger.info("working")
            return .done
        }
        #expect(response.status == 200)
        let entry = try #require(log.handler.entries.first { "\($0.message)" == "working" })
        let logged = try #require(entry.metadata["event_key"].map { "\($0)" })
        #expect(logged.hasPrefix("sha256:") && logged.utf8.count == 71)
        let span = try #require(tracer.finishedSpans.first)
        #expect(span.attributes.get("event.key") == .string(logged))
        #expect(!log.text.contains("kkkk"))
    }

    @Test func aSpanHasSubjectAndVerb() async throws {
        _ = try await respond { _, _ in .done }
        let attributes = try #require(tracer.finishedSpans.first).attributes
        #expect(attributes.get("table") == .string("take-note"))
        #expect(attributes.get("op") == .string("run"))
    }

    @Test func theOptionsNameSubjectAndVerb() async throws {
        _ = try await respond(options: JobOptions(table: "notes", operation: "INSERT")) { _, _ in .done }
        let attributes = try #require(tracer.finishedSpans.first).attributes
        #expect(attributes.get("table") == .string("notes"))
        #expect(attributes.get("op") == .string("INSERT"))
    }
}

/// A ledger that loses every commit.
private struct CommitlessLedger: DeliveryLedger {
    let ledger: any DeliveryLedger

    func acquire(_ lock: DeliveryLock, now: Date) async throws -> LockAcquisition {
        try await ledger.acquire(lock, now: now)
    }
    func renew(_ lock: DeliveryLock, reservation: Reservation?, now: Date) async throws -> Bool {
        try await ledger.renew(lock, reservation: reservation, now: now)
    }
    func commit(_ completion: DeliveryCompletion) async throws -> Bool { false }
    func release(_ release: DeliveryRelease) async throws -> Bool { try await ledger.release(release) }
    func releaseLocks(ofEarlierLivesOf instance: String, currentLife: String) async throws -> Int { 0 }
    func reserve(_ reservation: Reservation, now: Date) async throws -> ReservationResult {
        try await ledger.reserve(reservation, now: now)
    }
    func complete(_ reservation: Reservation, now: Date) async throws {
        try await ledger.complete(reservation, now: now)
    }
    func release(_ reservation: Reservation) async throws { try await ledger.release(reservation) }
    func removeExpired(now: Date, limit: Int) async throws -> Int { 0 }
}
