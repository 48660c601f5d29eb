import HTTPTypes
import PostriderTestKit
import QStash
import Testing
import Tour

/// Callbacks tell what became of each attempt.
@Suite struct CallbackTests {
    private let broker = TestBroker()

    @Test func aCallbackComesAfterEveryAttempt() async throws {
        broker.answer("https://slow.example.com", with: .status(503), try .json(CallbackTour.Report(pages: 3)))
        try await CallbackTour.ask(broker.client)
        try await broker.settle()

        let message = try #require(broker.deliveries(to: "https://slow.example.com").first)
        let outcomes = try broker.deliveries(to: "https://api.example.com/reports/done").map { delivery in
            try CallbackTour.receive(delivery.body, headers: delivery.headers, receiver: broker.receiver)
        }
        #expect(outcomes == [.delayed, .ready(message.messageID, CallbackTour.Report(pages: 3))])
        #expect(broker.deliveries(to: "https://api.example.com/reports/failed").isEmpty)
    }

    @Test func theFailureCallbackNamesTheDeadLetter() async throws {
        broker.answer("https://slow.example.com", with: .nonRetryable)
        try await CallbackTour.ask(broker.client)
        try await broker.settle()

        let deliveries = broker.deliveries(to: "https://api.example.com/reports/failed")
        #expect(deliveries.count == 1)
        let delivery = try #require(deliveries.first)
        let id = try CallbackTour.receiveFailure(delivery.body, headers: delivery.headers, receiver: broker.receiver)
        let letters = try await broker.client.dlq.page().elements
        #expect(letters.map(\.id) == [id])
    }

    @Test func aForgedCallbackIsRefused() async throws {
        let body = Array(#"{"sourceMessageId":"msg_1","url":"https://slow.example.com/reports","status":200}"#.utf8)
        #expect(throws: SignatureVerificationError(.tokenMissing)) {
            try CallbackTour.receive(body, headers: [:], receiver: broker.receiver)
        }
    }

    @Test func aCallbackHasOptionsOfItsOwn() async throws {
        broker.answer("https://api.example.com/reports/done", with: .refused, .ok)
        try await CallbackTour.options(broker.client, token: "shop")
        try await broker.settle()
        let callbacks = broker.deliveries(to: "https://api.example.com/reports/done")
        #expect(callbacks.map(\.elapsed) == [.zero, .seconds(30)])
        #expect(callbacks.allSatisfy { $0.headers[.authorization] == "Bearer shop" })
    }
}
