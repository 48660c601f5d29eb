import HTTPTypes
import InMemoryLogging
import InMemoryTracing
import Logging
import PostriderJobs
import Synchronization
import Testing
import Tracing

@testable import PostriderJobsConformance

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct WebhookTelemetryTests {
    private let tracer = InMemoryTracer()
    private let log = InMemoryLogHandler()
    private let alerts = AlertLog()

    private func bench(
        _ storage: JobStorage = .inMemory(),
        trustsProxy: Bool = false,
        table: String? = nil,
        handler: @escaping @Sendable (DatabaseEvent, WebhookContext) async throws -> WebhookOutcome = { _, _ in .done }
    ) throws -> HookBench {
        try HookBench(
            storage,
            logger: Logger(label: "test") { [log] _ in log },
            configure: { configuration in
                configuration.tracer = tracer
                configuration.trustsProxy = trustsProxy
                configuration.onAlert = { [alerts] in alerts.add($0) }
            }
        ) { routes in
            routes.databaseWebhook("trips", table: table, signature: .hmac(HookBench.secret), handler: handler)
        }
    }

    private var spans: [FinishedInMemorySpan] { tracer.finishedSpans }

    private func attributes(_ index: Int = 0) -> [String: SpanAttribute] {
        var found: [String: SpanAttribute] = [:]
        spans[index].attributes.forEach { found[$0] = $1 }
        return found
    }

    private var events: [String] { log.entries.map { $0.message.description } }

    @Test func oneSpanTellsWhatTheEventIs() async throws {
        _ = try await bench().send(HookPayload.insert(id: 456), to: "trips")
        let key = "trip_collaborators:INSERT:2026-03-02T08:15:30.120Z:456"
        #expect(spans.map { $0.operationName } == ["webhook.trips"])
        #expect(
            attributes() == [
                "route": "/api/hooks/trips", "event.key": .string(key), "table": "trip_collaborators", "op": "INSERT",
                "webhook.table": "trip_collaborators", "webhook.op": "INSERT", "webhook.event_key": .string(key),
                "webhook.idempotency_scope": "trips",
            ]
        )
    }

    @Test func duplicatesAndSkipsAreTold() async throws {
        let bench = try bench(table: "trip_collaborators") { _, _ in .skipped(reason: "trip_not_found") }
        _ = try await bench.send(HookPayload.insert(id: 1), to: "trips")
        _ = try await bench.send(HookPayload.insert(id: 1), to: "trips")
        _ = try await bench.send(#"{"type":"INSERT","table":"users","record":{}}"#, to: "trips")
        #expect(attributes(0)["webhook.skip_reason"] == "trip_not_found")
        #expect(attributes(1)["webhook.duplicate"] == true)
        #expect(attributes(2)["webhook.skipped"] == true)
        #expect(attributes(2)["webhook.duplicate"] == nil)
    }

    @Test func aFailureIsToldWithoutWhatTheErrorSays() async throws {
        struct Telling: Error, CustomStringConvertible { let description = "secret-of-the-row" }
        let bench = try bench { _, _ in throw Telling() }
        _ = try await bench.send(HookPayload.insert(id: 1), to: "trips")
        #expect(attributes()["webhook.error"] == true)
        #expect(attributes()["webhook.error_code"] == "UNKNOWN")
        #expect(attributes()["webhook.error_status"] == 500)
        #expect(attributes()["webhook.error_message"] == "Telling")
        #expect(attributes()["webhook.idempotency_released"] == true)
        #expect(spans.first?.status?.code == .error)
        #expect(events == ["webhook.failed"])
        #expect(!"\(log.entries)".contains("secret-of-the-row"))
    }

    @Test func aWrongSignatureIsToldButNeverRepeated() async throws {
        let signature = String(repeating: "ab", count: 32)
        _ = try await bench().send(HookPayload.insert(id: 1), to: "trips", signature: signature)
        #expect(attributes()["webhook.unauthorized"] == true)
        #expect(attributes()["event.key"] == nil)
        #expect(events == ["webhook.verification_failed"])
        #expect(log.entries.first?.metadata["reason"] == "signature_mismatch")
        #expect(!"\(log.entries) \(spans)".contains(signature))
    }

    @Test func sizeFormAndRateAreTold() async throws {
        let bench = try bench()
        _ = try await bench.send(String(repeating: "x", count: 65_537), to: "trips")
        _ = try await bench.send("{", to: "trips")
        for number in 0..<99 { _ = try await bench.send(HookPayload.insert(id: number), to: "trips") }
        #expect(attributes(0)["webhook.payload_too_large"] == true)
        #expect(attributes(1)["webhook.validation_error"] == true)
        #expect(attributes(99)["webhook.rate_limited"] == nil)
        #expect(attributes(100)["webhook.rate_limited"] == true)
    }

    @Test func aLimiterThatIsDownIsToldAndRaisesOneAlertAMinute() async throws {
        var storage = JobStorage.inMemory()
        storage.rateLimits = DownStore()
        let bench = try bench(storage)
        for _ in 0..<3 { _ = try await bench.send(HookPayload.insert(id: 1), to: "trips") }
        #expect(alerts.names == ["ratelimit.degraded trips"])
        #expect(events.count { $0 == "webhook.rate_limit_error" } == 3)
        #expect(attributes()["webhook.rate_limit_unavailable"] == true)
        bench.clock.advance(by: .seconds(60))
        _ = try await bench.send(HookPayload.insert(id: 1), to: "trips")
        #expect(alerts.names.count == 2)
    }

    @Test func aLimiterThatTakesTooLongIsGivenUp() async throws {
        var storage = JobStorage.inMemory()
        storage.rateLimits = SlowLimits()
        let bench = try bench(storage)
        async let answer = bench.send(HookPayload.insert(id: 1), to: "trips")
        await bench.clock.untilAsleep()
        bench.clock.advance(by: .seconds(2))
        #expect(try await answer.status == 503)
        #expect(events.contains("webhook.rate_limit_timeout"))
    }

    @Test func headersTellTheAddressOnlyBehindATrustedProxy() async throws {
        let limits = CountedLimits()
        var storage = JobStorage.inMemory()
        storage.rateLimits = limits
        let fields: [(HTTPFields, String)] = try [
            ([name("X-Real-IP"): "203.0.113.1", name("X-Forwarded-For"): "203.0.113.2"], "203.0.113.1"),
            (
                [name("X-Forwarded-For"): " 203.0.113.2 , 10.0.0.1", name("CF-Connecting-IP"): "203.0.113.3"],
                "203.0.113.2"
            ),
            ([name("CF-Connecting-IP"): "203.0.113.3"], "203.0.113.3"),
            ([name("X-Real-IP"): " ", name("X-Forwarded-For"): ", 10.0.0.1"], "192.0.2.1"),
            ([:], "192.0.2.1"),
        ]
        for (fields, expected) in fields {
            for (trusts, address) in [(true, expected), (false, "192.0.2.1")] {
                let bench = try bench(storage, trustsProxy: trusts)
                _ = try await bench.send(HookPayload.insert(id: 1), to: "trips", address: "192.0.2.1", fields: fields)
                #expect(limits.keys.last == "webhook:rl:ip:\(sha256(address))")
            }
        }
    }

    @Test func sendersWithoutAnAddressShareABucket() async throws {
        let limits = CountedLimits()
        var storage = JobStorage.inMemory()
        storage.rateLimits = limits
        let bench = try bench(storage)
        let request = JobRequest(
            head: HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/api/hooks/trips")
        )
        _ = await bench.server.respond(to: request)
        #expect(limits.keys == ["webhook:rl:ip:unknown"])
    }

    private func name(_ text: String) throws -> HTTPField.Name { try #require(HTTPField.Name(text)) }

    /// The digits of known addresses, by `printf … | sha256sum`.
    private func sha256(_ address: String) -> String {
        [
            "192.0.2.1": "37fcff24bf62035b2b08020afc08b4fecd4fcffce57ab23518e3561ff0fe76b9",
            "203.0.113.1": "a1ceb3dc7b127ea22d04f67b50908245930cfa9a3f91e1d38c0b266c44669ee7",
            "203.0.113.2": "cdd7d717470134c78ea853e0b26db3e23bbe3baf492793b87f6d457c8a8eebc0",
            "203.0.113.3": "8a41be1b9384df10fe153ecb37c4cccec16c29e84a26a029b58d18b2a7727397",
        ][address, default: "unknown"]
    }
}

/// Lets everything pass and notes the keys.
private final class CountedLimits: RateLimitStore {
    private let noted = Mutex<[String]>([])

    var keys: [String] { noted.withLock { $0 } }

    func hit(_ key: String, limit: RateLimit, now: Date) async throws -> RateLimitDecision {
        noted.withLock { $0.append(key) }
        return limit.decide(nil, now: now).decision
    }

    func removeExpiredCounters(now: Date, limit: Int) async throws -> Int { 0 }
}

/// Never answers, until it is cancelled.
private struct SlowLimits: RateLimitStore {
    func hit(_ key: String, limit: RateLimit, now: Date) async throws -> RateLimitDecision {
        try await ManualJobClock(now: Date(timeIntervalSince1970: 1_750_000_000)).sleep(for: .seconds(1))
        throw CancellationError()
    }

    func removeExpiredCounters(now: Date, limit: Int) async throws -> Int { 0 }
}
