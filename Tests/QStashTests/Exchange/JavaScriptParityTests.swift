import Foundation
import HTTPTypes
import QStash
import Testing

/// What the JavaScript client can do, this SDK can: each of its methods next to the call here, played against a recorded exchange.
@Suite struct JavaScriptParityTests {
    struct Row: Sendable, CustomTestStringConvertible {
        /// The method of the JavaScript client, or of the Python client where only that has it.
        let method: String
        /// The exchange; nil for what needs no server.
        let fixture: String?
        let call: @Sendable (QStashClient) async throws -> Void

        init(_ method: String, _ fixture: String?, _ call: @escaping @Sendable (QStashClient) async throws -> Void) {
            self.method = method
            self.fixture = fixture
            self.call = call
        }

        var testDescription: String { method }
    }

    /// The surface as section 26 of the wire reference lists it, and what the Python client adds.
    static let surface: Set<String> = [
        "publish", "publishJSON", "batch", "batchJSON",
        "queue.upsert", "queue.get", "queue.list", "queue.delete", "queue.enqueue", "queue.enqueueJSON", "queue.pause",
        "queue.resume",
        "schedules.create", "schedules.get", "schedules.list", "schedules.delete", "schedules.pause",
        "schedules.resume",
        "urlGroups.addEndpoints", "urlGroups.removeEndpoints", "urlGroups.list", "urlGroups.get", "urlGroups.delete",
        "messages.get", "messages.cancel", "dlq.listMessages", "dlq.delete", "dlq.retry", "logs",
        "flowControl.get", "flowControl.getGlobalParallelism", "flowControl.pause", "flowControl.resume",
        "flowControl.pin", "flowControl.unpin", "flowControl.resetRate",
        "Receiver.verify",
        "signing_key.get", "signing_key.rotate", "dlq.get",
    ]

    @Test func everyMethodOfTheSurfaceHasARow() {
        #expect(Set(Self.rows.map(\.method)) == Self.surface)
    }

    @Test(arguments: rows)
    func methodHasItsCallHere(_ row: Row) async throws {
        // What the call sent against its exchange; a method without one is judged by its own expectations, and sends nothing.
        let expected = try row.fixture.map { try RecordedExchange(named: $0) }
        let transport = ScriptedTransport(try expected.map { [.answer(try $0.answer)] } ?? [])
        try await row.call(try QStashClient.over(transport))
        #expect(transport.requests.count == (expected == nil ? 0 : 1))
        for request in transport.requests {
            #expect(try expected?.differences(from: request) == [])
        }
    }
}
