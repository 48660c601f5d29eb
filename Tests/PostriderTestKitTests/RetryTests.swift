import HTTPTypes
import PostriderTestKit
import QStash
import Testing

@Suite struct RetryTests {
    private let broker = TestBroker()
    private let url = "https://a.test/x"

    /// When the attempts of a message are made that always fails, with the default delays: e^(2.5·n) seconds, at most a day.
    private static let standardMoments: [Duration] = [
        .zero, .milliseconds(12_182), .milliseconds(160_595), .milliseconds(1_968_637), .milliseconds(23_995_102),
        .milliseconds(110_395_102), .milliseconds(196_795_102), .milliseconds(283_195_102),
    ]

    @Test func theDefaultDelaysTakeThreeDaysOfVirtualTime() async throws {
        broker.answer(url, with: .status(500))
        try await broker.client.publish(to: url, options: PublishOptions(retries: 7))
        try await broker.advance(by: .seconds(3 * 86_400))
        #expect(broker.deliveries.map(\.elapsed) == Array(Self.standardMoments.dropLast()))
        #expect(broker.deliveries.map(\.retried) == Array(0..<7))
        #expect(broker.elapsed == .seconds(3 * 86_400))
        try await broker.settle()
        #expect(broker.deliveries.map(\.elapsed) == Self.standardMoments)
        #expect(broker.elapsed == Self.standardMoments.last)
    }

    @Test func aHundredMessagesOfThreeDaysAreEightHundredDeliveries() async throws {
        broker.answer(url, with: .status(500))
        for number in 0..<100 {
            try await broker.client.publish(.text("\(number)"), to: url, options: PublishOptions(retries: 7))
        }
        try await broker.settle()
        #expect(broker.deliveries.count == 800)
        #expect(Set(broker.deliveries.map(\.elapsed)) == Set(Self.standardMoments))
    }

    @Test func eachMessageGoesThroughTheAnswersByItself() async throws {
        broker.answer(url, with: .status(503), .refused, .ok)
        for text in ["one", "two"] { try await broker.client.publish(.text(text), to: url) }
        try await broker.settle()
        for text in ["one", "two"] {
            let attempts = broker.deliveries.filter { $0.text == text }
            #expect(attempts.map(\.elapsed) == Array(Self.standardMoments.prefix(3)))
            #expect(Set(attempts.map(\.messageID)).count == 1)
        }
        let states = try await broker.client.events.page(countMax: 1_000).elements.map(\.state)
        #expect(states.count { $0 == .retry } == 4)
        #expect(states.count { $0 == .delivered } == 2)
    }

    @Test func whatIsGivenUpIsADeadLetterAndAFailureCallback() async throws {
        broker.answer(url, with: .text("no", status: .internalServerError))
        let receipt = try await broker.client.publish(
            .text("job"),
            to: url,
            options: PublishOptions(retries: 1, retryDelay: "5000", failureCallback: "https://b.test/failed")
        )
        try await broker.settle()
        #expect(broker.deliveries.map(\.url) == [url, url, "https://b.test/failed"])
        #expect(broker.deliveries.map(\.elapsed) == [.zero, .seconds(5), .seconds(5)])

        let delivery = try #require(broker.deliveries(to: "https://b.test").first)
        try delivery.verify()
        let payload = try CallbackPayload(decoding: delivery.body)
        #expect(payload.sourceMessageID == receipt.messageID)
        #expect(payload.status == 500)
        #expect(payload.body == Array("no".utf8))
        #expect(payload.sourceBody == Array("job".utf8))
        #expect(payload.retried == 1)

        let letter = try #require(try await broker.client.dlq.page().elements.first)
        #expect(payload.dlqID == letter.id)

        // The shop is back: what was given up is sent once more.
        broker.answer(url, with: .ok)
        try await broker.client.dlq.retry(letter.id)
        try await broker.settle()
        #expect(broker.deliveries(to: url).count == 3)
        #expect(try await broker.client.dlq.page().elements.isEmpty)
    }

    @Test func aCallbackIsDeliveredAndRetriedLikeAMessage() async throws {
        broker.answer(url, with: try .json(["total": 12]))
        broker.answer("https://b.test/done", with: .refused, .ok)
        try await broker.client.publish(to: url, options: PublishOptions(callback: "https://b.test/done"))
        try await broker.settle()
        let callbacks = broker.deliveries(to: "https://b.test/done")
        #expect(callbacks.map(\.elapsed) == Array(Self.standardMoments.prefix(2)))
        for callback in callbacks {
            #expect(try CallbackPayload(decoding: callback.body).decodeBody(as: [String: Int].self) == ["total": 12])
        }
    }

    @Test func aDestinationThatNeverAnswersRunsIntoItsTimeout() async throws {
        broker.answer(url, with: .timeout)
        try await broker.client.publish(to: url, options: PublishOptions(retries: 0, timeout: .seconds(30)))
        try await broker.advance(by: .milliseconds(29_999))
        #expect(try await broker.client.events.page().elements.map(\.state) == [.active, .created])
        try await broker.settle()
        #expect(broker.elapsed == .seconds(30))
        let letter = try #require(try await broker.client.dlq.page().elements.first)
        #expect(letter.error?.contains("deadline exceeded") == true)
    }

    @Test func withoutATimeoutOfItsOwnAMessageWaitsFifteenMinutes() async throws {
        broker.answer(url, with: .timeout)
        try await broker.client.publish(to: url, options: PublishOptions(retries: 0))
        try await broker.settle()
        #expect(broker.elapsed == .seconds(900))
    }

    @Test func aSlowAnswerTakesTimeAndASlowerOneIsNone() async throws {
        broker.answer(url, with: .ok.after(.seconds(31)), .ok.after(.seconds(10)).after(.seconds(10)))
        try await broker.client.publish(to: url, options: PublishOptions(retryDelay: "1000", timeout: .seconds(30)))
        try await broker.settle()
        #expect(broker.deliveries.map(\.elapsed) == [.zero, .seconds(31)])
        #expect(broker.elapsed == .seconds(51))
    }

    @Test func refusedConnectionsAreRetried() async throws {
        broker.answer(url, with: .refused)
        let options = PublishOptions(retries: 2, retryDelay: "1000", failureCallback: "https://b.test/failed")
        try await broker.client.publish(to: url, options: options)
        try await broker.settle()
        #expect(broker.deliveries(to: url).map(\.elapsed) == [.zero, .seconds(1), .seconds(2)])
        let payload = try CallbackPayload(decoding: try #require(broker.deliveries.last).body)
        #expect(payload.status == 0)
    }

    @Test func whatCannotSucceedIsTriedOnce() async throws {
        broker.answer(url, with: .nonRetryable)
        try await broker.client.publish(to: url)
        try await broker.settle()
        #expect(broker.deliveries.count == 1)
        #expect(try await broker.client.dlq.page().elements.map(\.responseStatus) == [489])
    }

    @Test func theDestinationsWishDecidesTheDelay() async throws {
        broker.answer(url, with: .status(429, headers: [.retryAfter: "7"]), .ok)
        try await broker.client.publish(to: url)
        try await broker.settle()
        #expect(broker.deliveries.map(\.elapsed) == [.zero, .seconds(7)])
    }
}
