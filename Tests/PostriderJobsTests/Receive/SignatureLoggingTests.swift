import Crypto
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

@Suite struct SignatureLoggingTests {
    private static let key = "sig_a_key_for_the_logging_tests"

    private func server(_ log: LogRecorder, _ tracer: InMemoryTracer, secret: String? = nil) throws -> JobServer {
        var routes = JobRoutes()
        routes.job(Note.self) { _, context in
            context.logger.info("working")
            return .done
        }
        var configuration = JobServer.Configuration(
            publicBaseURL: JobBench.origin,
            signingKeys: .fixed(current: Self.key, next: Self.key)
        )
        configuration.tracer = tracer
        configuration.telemetryHashSecret = secret
        return try JobServer(
            routes,
            configuration: configuration,
            storage: .inMemory(),
            identity: NoIdentity(),
            clock: ManualJobClock(),
            randomBytes: { count in (0..<count).map { UInt8($0) } },
            logger: log.logger
        )
    }

    private func delivery(key: String?) -> SignedDelivery {
        SignedDelivery(
            origin: JobBench.origin,
            path: Note.path,
            body: Array(#"{"text":"a","count":1}"#.utf8),
            messageID: "msg_1",
            signingKey: key
        )
    }

    @Test func signatureTextIsNeverInLogs() async throws {
        let log = LogRecorder()
        let tracer = InMemoryTracer()
        let server = try server(log, tracer)
        let wrong = delivery(key: "sig_another")
        let signature = try #require(wrong.signature(issuedAt: ManualJobClock().now))
        let response = await server.respond(to: wrong.request(issuedAt: ManualJobClock().now))
        #expect(response?.status == 401)
        let good = delivery(key: Self.key)
        let goodSignature = try #require(good.signature(issuedAt: ManualJobClock().now))
        #expect(await server.respond(to: good.request(issuedAt: ManualJobClock().now))?.status == 200)
        for part in (signature + "." + goodSignature).split(separator: ".") where part.count > 40 {
            #expect(!log.text.contains(part))
        }
        #expect(!log.text.contains(Self.key))
        let digest = SHA256.hash(data: Array(signature.utf8)).prefix(4).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
        #expect(log.text.contains(digest))
    }

    @Test(arguments: [nil, "a secret"])
    func unauthorizedAttemptIsASpanEventWithoutPersonalData(secret: String?) async throws {
        let log = LogRecorder()
        let tracer = InMemoryTracer()
        let server = try server(log, tracer, secret: secret)
        _ = await server.respond(to: delivery(key: nil).request(issuedAt: ManualJobClock().now))
        let span = try #require(tracer.finishedSpans.first)
        #expect(span.operationName == "jobs.take-note")
        let event = try #require(span.events.first)
        #expect(event.name == "unauthorized_attempt")
        #expect(event.attributes.get("hasSignature") == .bool(false))
        #expect(event.attributes.get("path") == .string("/api/jobs/take-note"))
        #expect(event.attributes.get("reason") == .string("missing_signature"))
        #expect((event.attributes.get("ipHash") != nil) == (secret != nil))
        #expect(!log.text.contains("203.0.113.7"))
    }

    @Test func spanAndLogsOfADeliveryHaveTheNamesOfTheReference() async throws {
        let log = LogRecorder()
        let tracer = InMemoryTracer()
        let server = try server(log, tracer)
        var delivery = delivery(key: Self.key)
        delivery.retried = 3
        _ = await server.respond(to: delivery.request(issuedAt: ManualJobClock().now))
        let attributes = try #require(tracer.finishedSpans.first).attributes
        #expect(attributes.get("route") == .string("/api/jobs/take-note"))
        #expect(attributes.get("qstash.message_id") == .string("msg_1"))
        #expect(attributes.get("qstash.attempt") == .int64(4))
        #expect(attributes.get("qstash.max_retries") == .int64(3))
        #expect(attributes.get("qstash.final_attempt") == .bool(true))
        #expect(attributes.get("event.key") == .string("msg_1"))
        let entry = try #require(log.handler.entries.first { "\($0.message)" == "working" })
        #expect(entry.metadata["job_type"] == "take-note")
        #expect(entry.metadata["event_key"] == "msg_1")
        #expect(entry.metadata["qstash.attempt"] == "4")
    }
}
