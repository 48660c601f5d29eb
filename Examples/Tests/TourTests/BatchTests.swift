import HTTPTypes
import PostriderTestKit
import QStash
import Testing
import Tour

/// The items of a batch succeed and fail by themselves.
@Suite struct BatchTests {
    @Test func everyItemHasItsOwnOptions() async throws {
        let broker = TestBroker()
        let results = try await BatchTour.items(broker.client)
        #expect(try BatchTour.receipts(of: results).count == 3)
        try await broker.settle()
        #expect(broker.deliveries(to: "https://api.example.com/orders").map(\.elapsed) == [.zero])
        #expect(broker.deliveries(to: "https://api.example.com/audit").map(\.elapsed) == [.seconds(60)])
        #expect(broker.deliveries(to: "https://api.example.com/ping").map(\.method) == [.get])
    }

    @Test func aRefusedItemLeavesTheOthersAlone() async throws {
        let broker = TestBroker()
        let results = try await broker.client.batch([
            BatchItem(to: "https://api.example.com/orders"),
            BatchItem(to: "https://api.example.com/orders", options: PublishOptions(retries: 1_000_000)),
        ])
        let outcome = BatchTour.outcome(of: results)
        #expect(outcome.accepted.count == 1)
        #expect(outcome.refused.keys.sorted() == [1])
        #expect(outcome.refused[1]?.serverMessage?.contains("quota maxRetries exceeded") == true)
        #expect(throws: QStashError.self) { try BatchTour.receipts(of: results) }
        try await broker.settle()
        #expect(broker.deliveries.count == 1)
    }

    @Test func itemsGoToGroupsAndThroughQueues() async throws {
        let server = ScriptedServer(
            .json(
                """
                [[{"messageId":"msg_1","url":"https://billing.example.com/orders"},\
                {"messageId":"msg_2","url":"https://stock.example.com/orders"}],{"messageId":"msg_3"}]
                """
            )
        )
        let outcome = BatchTour.outcome(of: try await BatchTour.groupsAndQueues(try server.client()))
        #expect(outcome.accepted == ["msg_1", "msg_2", "msg_3"])
        #expect(server.calls == ["POST /v2/batch"])
        let body = try #require(server.bodies.first)
        #expect(body.contains(#""destination":"order-watchers""#))
        #expect(body.contains(#""destination":"https://api.example.com/invoices","queue":"invoices""#))
    }
}
