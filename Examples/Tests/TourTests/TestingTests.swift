import Foundation
import HTTPTypes
import PostriderTestKit
import QStash
import Testing
import Tour

/// What a test with a broker in its process looks like.
@Suite struct TestingTests {
    @Test func aMessageArrives() async throws {
        let broker = TestBroker()
        try await broker.client.publish(.json(["order": 7]), to: "https://api.example.com/orders")
        try await broker.settle()

        let deliveries = broker.deliveries(to: "https://api.example.com/orders")
        #expect(deliveries.map(\.text) == [#"{"order":7}"#])
        try deliveries[0].verify()
    }

    @Test func anOutageOfTwoDaysIsSurvived() async throws {
        let broker = TestBroker()
        broker.answer("https://api.example.com/orders") { delivery in
            delivery.elapsed < .seconds(2 * 86_400) ? .refused : .ok
        }

        try await broker.client.publish(
            .json(["order": 7]),
            to: "https://api.example.com/orders",
            options: PublishOptions(retries: 7)
        )
        try await broker.settle()

        // After 12 s, 2.5 min, 30 min, 6 h, and then day by day.
        let last = try #require(broker.deliveries.last)
        #expect(last.retried == 6)
        #expect(last.elapsed > .seconds(2 * 86_400))
        #expect(last.elapsed < .seconds(3 * 86_400))
        #expect(try await broker.client.dlq.page().elements.isEmpty)
    }

    @Test func threeRemindersGoOutInThreeDays() async throws {
        let broker = TestBroker()
        let reminders = BasketReminders(client: broker.client)
        broker.answer("https://shop.example.com/reminders") { delivery in
            try delivery.verify()
            try await reminders.remind(delivery.decode(as: BasketReminders.Basket.self))
            return .ok
        }

        try await reminders.plan(BasketReminders.Basket(mail: "reader@example.com"))
        try await broker.advance(by: .seconds(3 * 86_400))

        let mails = broker.deliveries(to: "https://mail.example.com/send")
        #expect(mails.map(\.elapsed) == [1, 2, 3].map { .seconds($0 * 86_400) })
        #expect(
            try mails.map { try $0.decode(as: [String: String].self)["text"] } == [
                "Reminder 1", "Reminder 2", "Reminder 3",
            ]
        )
        try await broker.settle()
        #expect(broker.deliveries(to: "https://mail.example.com/send").count == 3)
    }

    @Test func aDestinationAnswersAttemptByAttempt() async throws {
        let broker = TestBroker()
        broker.answer(
            "https://api.example.com/orders",
            with: .status(503),
            .refused,
            .timeout,
            .ok.after(.seconds(20))
        )
        try await broker.client.publish(
            to: "https://api.example.com/orders",
            options: PublishOptions(retryDelay: .constant(.seconds(1)), timeout: .seconds(30))
        )
        try await broker.settle()

        #expect(broker.deliveries.map(\.elapsed) == [0, 1, 2, 33].map { .seconds($0) })
        #expect(broker.elapsed == .seconds(53))
    }

    @Test func whatStillWaitsIsNamed() async throws {
        let broker = TestBroker()
        let receipt = try await broker.client.publish(
            to: "https://api.example.com/orders",
            options: PublishOptions(delay: .seconds(3_600))
        )
        let error = await #expect(throws: TestKitError.self) {
            try await broker.settle(within: .seconds(60))
        }
        #expect(error?.code == .notSettled)
        #expect(error?.waiting == [receipt.messageID])
    }

    @Test func codeUnderTestBringsItsOwnClient() async throws {
        let broker = TestBroker()
        let client = try QStashClient(environment: broker.environment, transport: broker.transport)
        let reminders = BasketReminders(client: client)
        try await reminders.plan(BasketReminders.Basket(mail: "reader@example.com"))
        try await broker.settle()
        #expect(broker.deliveries.map(\.url) == ["https://shop.example.com/reminders"])
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func anotherSeedIsAnotherOrder(seed: UInt64) async throws {
        let broker = TestBroker(seed: seed)
        for id in 1...5 {
            try await broker.client.publish(.text("\(id)"), to: "https://api.example.com/orders")
        }
        try await broker.settle()
        #expect(broker.deliveries.map(\.text).sorted() == ["1", "2", "3", "4", "5"])
    }
}
