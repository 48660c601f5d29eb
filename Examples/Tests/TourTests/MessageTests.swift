import Foundation
import PostriderTestKit
import QStash
import Testing
import Tour

/// Messages and their story, read from a broker.
@Suite struct MessageTests {
    private let broker = TestBroker()

    @Test func aMessageIsReadAsItIsKept() async throws {
        let receipt = try await PublishTour.one(broker.client)
        let message = try await MessageTour.get(broker.client, receipt.messageID)
        #expect(message.url == "https://api.example.com/orders")
        #expect(message.retriesMax == 3)
        #expect(message.createdAt == broker.now)
        #expect(try JSONDecoder().decode(Order.self, from: Data(message.body)) == Order(id: 7, total: 12.5))
    }

    @Test func aCancelledMessageIsNotDelivered() async throws {
        let receipt = try await PublishTour.one(broker.client)
        #expect(try await MessageTour.cancel(broker.client, receipt.messageID))
        #expect(try await !MessageTour.cancel(broker.client, receipt.messageID))
        try await broker.settle()
        #expect(broker.deliveries.isEmpty)
    }

    @Test func manyAreCancelledAtOnce() async throws {
        var ids: [MessageID] = []
        for _ in 1...3 { ids.append(try await PublishTour.one(broker.client).messageID) }
        #expect(try await MessageTour.cancelMany(broker.client, [ids[0], ids[1]]) == 2)
        #expect(try await MessageTour.cancelAll(broker.client) == 1)
        try await broker.settle()
        #expect(broker.deliveries.isEmpty)
    }

    @Test func messagesAreCancelledByWhatTheyAre() async throws {
        let server = ScriptedServer(.json(#"{"cancelled":4}"#, status: 202))
        #expect(try await MessageTour.cancelMatching(try server.client()) == 4)
        #expect(server.calls == ["DELETE /v2/messages?host=api.example.com&label=billing"])
    }

    @Test func theLogTellsTheWholeStory() async throws {
        broker.answerByDefault(with: .status(500), .refused, .ok)
        let receipt = try await PublishTour.one(broker.client)
        try await broker.settle()
        #expect(
            try await EventTour.story(broker.client, of: receipt.messageID) == [
                .created, .active, .error, .retry, .active, .error, .retry, .active, .delivered,
            ]
        )
        let errors = try await EventTour.errors(broker.client, of: receipt.messageID)
        #expect(errors.count == 2)
        #expect(errors.last == "status 500")
    }

    @Test func pagesFollowOneAnother() async throws {
        let receipt = try await PublishTour.one(broker.client)
        try await broker.settle()
        let events = try await EventTour.page(broker.client)
        #expect(events.map(\.state) == [.delivered, .active, .created])
        #expect(Set(events.map(\.messageID)) == [receipt.messageID])
    }

    @Test func theLogIsFilteredByHostAndTime() async throws {
        let server = ScriptedServer(
            .json(
                """
                {"events":[{"time":1760000001234,"messageId":"msg_1","state":"ERROR","url":"https://api.example.com/hook",\
                "error":"the connection was refused"}]}
                """
            )
        )
        let events = try await EventTour.since(try server.client(), moment: Date(timeIntervalSince1970: 1_760_000_000))
        #expect(events.map(\.state) == [.error])
        #expect(
            server.calls == [
                """
                GET /v2/events?count=1000&state=ERROR&state=FAILED&host=api.example.com&host=billing.example.com\
                &fromDate=1760000000000
                """
            ]
        )
    }
}
