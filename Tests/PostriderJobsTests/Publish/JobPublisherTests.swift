import HTTPTypes
import InMemoryTracing
import PostriderJobs
import PostriderJobsConformance
import QStash
import Testing
import Tracing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct JobPublisherTests {
    private struct Plain: JobParameters {
        static let jobName = "plain"
        static let retryProfile = RetryProfile.marketing
        var id: Int
    }

    private let broker = ScriptedBroker()
    private let note = Note(text: "a", count: 1)

    private func publisher(
        _ rules: JobPublisher.Rules = .none,
        origin: String? = "https://app.test",
        secret: String? = nil,
        tracer: (any Tracer)? = nil
    ) throws -> JobPublisher {
        try JobPublisher(
            client: try broker.client(),
            origin: origin,
            rules: rules,
            telemetryHashSecret: secret,
            tracer: tracer
        )
    }

    private func expectRefused(_ publisher: JobPublisher, _ options: JobPublishOptions) async {
        let error = await #expect(throws: JobsError.self) { try await publisher.publish(note, options: options) }
        #expect(error?.code == .publishRefused)
        #expect(broker.requests.isEmpty)
    }

    @Test(arguments: ["", " ", "\t\n"])
    func refusesEmptyDeduplicationID(id: String) async throws {
        await expectRefused(try publisher(), JobPublishOptions(deduplicationID: id))
        #expect(broker.requests.isEmpty)
    }

    @Test func refusesMissingDeduplicationIDWhenOneIsRequired() async throws {
        await expectRefused(try publisher(.init(requiresDeduplicationID: true)), JobPublishOptions())
        #expect(broker.requests.isEmpty)
    }

    @Test(arguments: ["trips:other", nil])
    func refusesUnknownLabel(label: String?) async throws {
        let publisher = try publisher(.init(canonicalLabels: ["trips:memory-sync"]))
        await expectRefused(publisher, JobPublishOptions(label: label))
        #expect(broker.requests.isEmpty)
    }

    @Test(arguments: [
        "https://evil.test/a", "//evil.test/a", "/\\evil.test", "api/jobs/a", "", "/a/../b", "/a/%2e%2e/b", "/a b",
        "/a#b",
        "/ä", "/a%zz",
    ])
    func refusesForeignOriginPath(path: String) async throws {
        await expectRefused(try publisher(), JobPublishOptions(path: path))
        #expect(broker.requests.isEmpty)
    }

    @Test func refusesWithoutOrigin() async throws {
        await expectRefused(try publisher(origin: nil), JobPublishOptions())
        #expect(throws: JobsError.self) { _ = try publisher(origin: "https://app.test/path") }
    }

    @Test func passesLabelFlowControlCallback() async throws {
        let options = JobPublishOptions(
            deduplicationID: "memory-sync:42",
            label: "trips:memory-sync",
            delay: .seconds(5),
            retries: 2,
            timeout: .seconds(30),
            flowControl: FlowControl(key: "tenant-7", parallelism: 2),
            callback: "https://app.test/done",
            failureCallback: "https://app.test/failed",
            headers: [.userAgent: "x"],
            redaction: Redaction(body: true)
        )
        let receipt = try await publisher().publish(note, options: options)
        #expect(receipt.messageID == "msg_1")
        #expect(broker.requests.last?.head.path == "/v2/publish/https://app.test/api/jobs/take-note")
        #expect(broker.requests.last.map { String(decoding: $0.body, as: UTF8.self) } == #"{"count":1,"text":"a"}"#)
        #expect(broker.field("Upstash-Label") == "trips:memory-sync")
        #expect(broker.field("Upstash-Flow-Control-Key") == "tenant-7")
        #expect(broker.field("Upstash-Callback") == "https://app.test/done")
        #expect(broker.field("Upstash-Failure-Callback") == "https://app.test/failed")
        #expect(broker.field("Upstash-Deduplication-Id") == "memory-sync.42")
        #expect(broker.field("Upstash-Retries") == "2")
        #expect(broker.field("Upstash-Timeout") == "30s")
        #expect(broker.field("Upstash-Forward-X-Job-Type") == "take-note")
        #expect(broker.field("Upstash-Forward-X-Request-ID") == nil)
    }

    @Test func delaysTravelInSeconds() async throws {
        try await publisher().publish(note, options: JobPublishOptions(delay: .seconds(90)))
        #expect(broker.field("Upstash-Delay") == "90s")
        try await publisher().publish(Plain(id: 1))
        #expect(broker.field("Upstash-Delay") == "5s")
    }

    @Test func theProfileOfTheTypeIsTheDefault() async throws {
        try await publisher().publish(note)
        #expect(broker.field("Upstash-Retries") == "3")
        #expect(broker.field("Upstash-Retry-Delay") == "10000 * pow(2, retried)")
        #expect(broker.field("Upstash-Delay") == nil)
        try await publisher().publish(Plain(id: 1))
        #expect(broker.field("Upstash-Retry-Delay") == nil)
    }

    @Test func hashesTheIDInTelemetry() async throws {
        let tracer = InMemoryTracer()
        let options = JobPublishOptions(deduplicationID: "notify:person-17")
        try await publisher(secret: "a secret", tracer: tracer).publish(note, options: options)
        try await publisher(tracer: tracer).publish(note, options: options)
        let spans = tracer.finishedSpans
        #expect(spans.map(\.operationName) == ["qstash.enqueue", "qstash.enqueue"])
        let hashed = try #require(spans.first).attributes
        #expect(hashed.get("qstash.dedup_id_hash") != nil)
        #expect(hashed.get("qstash.dedup_id_present") == .bool(true))
        #expect(hashed.get("qstash.job_type") == .string("take-note"))
        #expect(hashed.get("qstash.deduplicated") == .bool(false))
        #expect(try #require(spans.last).attributes.get("qstash.dedup_id_hash") == nil)
        for span in spans {
            span.attributes.forEach { _, value in #expect(!"\(value)".contains("person-17")) }
        }
    }

    @Test func refusalsAreMarkedInTheSpan() async throws {
        let tracer = InMemoryTracer()
        _ = await (try publisher(origin: nil, tracer: tracer)).tryPublish(note)
        _ = await (try publisher(tracer: tracer)).tryPublish(note, options: JobPublishOptions(path: "//x"))
        #expect(tracer.finishedSpans.first?.attributes.get("qstash.missing_origin") == .bool(true))
        #expect(tracer.finishedSpans.last?.attributes.get("qstash.invalid_path") == .bool(true))
    }

    @Test func tryPublishGivesTheErrorBack() async throws {
        let broker = ScriptedBroker(.status(500))
        let publisher = try JobPublisher(client: broker.client(), origin: "https://app.test")
        guard case .failure(let error) = await publisher.tryPublish(note) else {
            Issue.record("the broker refused it")
            return
        }
        #expect(error.code == .publishUncertain)
        #expect(!error.description.contains("the server says why"))
        guard case .success = await (try self.publisher()).tryPublish(note) else {
            Issue.record("the broker took it")
            return
        }
    }

    @Test func withoutATokenThereIsNoPublisher() throws {
        #expect(try JobPublisher(environment: [:]) == nil)
        #expect(try JobPublisher(environment: ["QSTASH_TOKEN": ""]) == nil)
        #expect(try JobPublisher(environment: ["QSTASH_TOKEN": "t"])?.origin == "http://localhost:3000")
        #expect(throws: (any Error).self) {
            _ = try JobPublisher(environment: ["QSTASH_TOKEN": "t", "QSTASH_URL": "x"])
        }
    }

    @Test(arguments: [
        "https://b.test/v2/publish", "https://b.test/v2/publish/", "https://b.test/", "https://b.test",
    ])
    func theBrokersURLMayEndInItsPublishPath(url: String) throws {
        let publisher = try JobPublisher(environment: ["QSTASH_TOKEN": "t", "QSTASH_URL": url])
        #expect(publisher?.client.baseURL == "https://b.test")
    }

    @Test func theTokenIsNeverShown() throws {
        let publisher = try publisher()
        var dumped = ""
        dump(publisher, to: &dumped)
        #expect(!dumped.contains("token-of-the-test"))
        #expect(!"\(publisher)".contains("token-of-the-test"))
    }
}
