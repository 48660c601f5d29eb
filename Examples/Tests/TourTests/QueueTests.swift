import QStash
import Testing
import Tour

/// Queues, as the wire has them.
@Suite struct QueueTests {
    private static let status =
        #"{"name":"invoices","createdAt":1760000000000,"updatedAt":1760000000500,"parallelism":1,"paused":true,"lag":12}"#

    @Test func messagesGoThroughTheQueue() async throws {
        let server = ScriptedServer(.json(#"{"messageId":"msg_1"}"#), .json(#"{"messageId":"msg_2"}"#))
        try await QueueTour.order(try server.client())
        let call = "POST /v2/enqueue/invoices/https://api.example.com/invoices"
        #expect(server.calls == [call, call])
        #expect(server.bodies == [#"{"invoice":7}"#, #"{"invoice":8}"#])
        #expect(server.values(of: "Content-Type") == ["application/json", "application/json"])
    }

    @Test func parallelismIsSetByAnUpsert() async throws {
        let server = ScriptedServer(.ok)
        try await QueueTour.parallelism(try server.client())
        #expect(server.calls == ["POST /v2/queues"])
        #expect(server.bodies == [#"{"queueName":"thumbnails","parallelism":4,"paused":false}"#])
    }

    @Test func aQueueIsPausedAndResumed() async throws {
        let server = ScriptedServer(.ok, .json(Self.status), .ok)
        #expect(try await QueueTour.pause(try server.client()) == 12)
        #expect(
            server.calls == [
                "POST /v2/queues/invoices/pause", "GET /v2/queues/invoices", "POST /v2/queues/invoices/resume",
            ]
        )
    }

    @Test func queuesAreListedAndDeleted() async throws {
        let server = ScriptedServer(.json("[\(Self.status)]"), .ok)
        #expect(try await QueueTour.list(try server.client()) == ["invoices"])
        #expect(server.calls == ["GET /v2/queues", "DELETE /v2/queues/thumbnails"])
    }

    @Test func aGroupIsReachedThroughAQueue() async throws {
        let server = ScriptedServer(.json(#"[{"messageId":"msg_1","url":"https://stock.example.com/orders"}]"#))
        let receipts = try await QueueTour.group(try server.client())
        #expect(receipts == [PublishReceipt(messageID: "msg_1", url: "https://stock.example.com/orders")])
        #expect(server.calls == ["POST /v2/enqueue/invoices/order-watchers"])
    }
}
