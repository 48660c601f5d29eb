import HTTPTypes
import PostriderJobs
import QStash
import Synchronization
import Testing

@testable import PostriderJobsConformance

/// The hook of the reference's section 4.5: a database tells of a row, and a job is published.
@Suite struct HookPublishingTests {
    private struct NotifyCollaborators: JobParameters {
        static let jobName = "notify-collaborators"
        var eventKey: String
        var payload: JSONValue
    }

    private let broker = UnsteadyBroker()

    private func bench() throws -> HookBench {
        let client = try QStashClient(
            token: "tok",
            configuration: .init(retry: .never),
            transport: broker
        )
        return try HookBench(
            .inMemory(),
            configure: { $0.publisher = try? JobPublisher(client: client, origin: HookBench.origin) }
        ) { routes in
            routes.databaseWebhook("trips", table: "trip_collaborators", signature: .hmac(HookBench.secret)) {
                event,
                context in
                let publisher = try #require(context.publisher)
                let job = NotifyCollaborators(eventKey: context.eventKey, payload: event.normalised)
                _ = try await publisher.publish(job, options: .init(deduplicationID: "notify:\(context.eventKey)"))
                return .done(["enqueued": true])
            }
        }
    }

    @Test func anEventIsPublishedOnce() async throws {
        let bench = try bench()
        let body = HookPayload.insert(id: 456)
        #expect(try await bench.send(body, to: "trips").body == ["ok": true, "enqueued": true])
        #expect(try await bench.send(body, to: "trips").body == ["ok": true, "duplicate": true])
        let bodies = broker.bodies
        #expect(bodies.count == 1)
        let published = try #require(bodies.first.flatMap { JSONValue.parse($0) })
        #expect(published["eventKey"] == "trip_collaborators:INSERT:2026-03-02T08:15:30.120Z:456")
        #expect(published["payload"]?["record"]?["trip_id"] == 123)
        #expect(published["payload"]?["oldRecord"] == .null)
    }

    @Test func publishFailure503AndTheSendersRetryIsPublished() async throws {
        let bench = try bench()
        let body = HookPayload.insert(id: 456)
        broker.isDown = true
        let refused = try await bench.send(body, to: "trips")
        #expect(refused.status == 503)
        #expect(refused.body == ["code": "SERVICE_UNAVAILABLE", "error": "internal_error"])
        broker.isDown = false
        #expect(try await bench.send(body, to: "trips").body == ["ok": true, "enqueued": true])
        #expect(broker.bodies.count == 1)
    }
}

/// A broker that takes messages, or cannot be reached.
private final class UnsteadyBroker: QStashTransport {
    private let state = Mutex<(isDown: Bool, bodies: [[UInt8]])>((false, []))

    var isDown: Bool {
        get { state.withLock { $0.isDown } }
        set { state.withLock { $0.isDown = newValue } }
    }

    var bodies: [[UInt8]] { state.withLock { $0.bodies } }

    func send(_ request: QStashRequest, timeout: Duration, answerBytesMax: Int) async throws -> QStashResponse {
        try state.withLock { state in
            guard !state.isDown else { throw QStashTransportError(reach: .unsent, detail: "connection refused") }
            state.bodies.append(request.body)
        }
        return QStashResponse(
            head: HTTPResponse(status: .created, headerFields: [.contentType: "application/json"]),
            body: Array(#"{"messageId":"msg_1"}"#.utf8)
        )
    }
}
