import HTTPTypes
import PostriderTestKit
import QStash
import Testing
import Tour

/// What was given up is kept, and can be published anew.
@Suite struct DeadLetterTests {
    private let broker = TestBroker()

    /// Publishes a message that is given up, and returns its entry.
    private func fail(_ answer: TestAnswer = .status(500)) async throws -> DeadLetter {
        broker.answerByDefault(with: answer)
        let receipt = try await broker.client.publish(
            .text("7"),
            to: "https://api.example.com/orders",
            options: PublishOptions(retries: 0)
        )
        try await broker.settle()
        let page = try await broker.client.dlq.page(matching: DeadLetterFilter(messageID: receipt.messageID))
        return try #require(page.elements.first)
    }

    @Test func everyEntrySaysWhyItIsThere() async throws {
        _ = try await fail(.status(500))
        _ = try await fail(.refused)
        let lines = try await DeadLetterTour.list(broker.client)
        #expect(lines.count == 2)
        #expect(lines[0] == "https://api.example.com/orders: status 500")
        #expect(lines[1].contains("refused"))
    }

    @Test func aRetryIsANewMessageAndTakesTheEntryAway() async throws {
        let letter = try await fail()
        broker.answerByDefault(with: .ok)
        broker.forgetDeliveries()
        let receipt = try await DeadLetterTour.retry(broker.client, letter.id)
        #expect(receipt.messageID != letter.message.id)
        try await broker.settle()
        #expect(broker.deliveries.map(\.text) == ["7"])
        #expect(try await broker.client.dlq.page().elements.isEmpty)
    }

    @Test func aRetryMayHaveOtherOptions() async throws {
        let letter = try await fail()
        broker.forgetDeliveries()
        let before = broker.elapsed
        _ = try await DeadLetterTour.retryOverriding(broker.client, letter.id)
        try await broker.settle()
        #expect(broker.deliveries.map(\.elapsed) == [before + .seconds(600)])
        #expect(try await broker.client.dlq.page().elements.count == 1)
    }

    @Test func entriesAreRetriedPageByPage() async throws {
        let server = ScriptedServer(
            .json(
                #"{"cursor":"1725323658779-0","responses":[{"messageId":"msg_1"},{"messageId":"msg_2"}]}"#,
                status: 201
            ),
            .json(#"{"responses":[{"messageId":"msg_3"}]}"#, status: 201)
        )
        #expect(try await DeadLetterTour.retryMatching(try server.client()) == 3)
        #expect(
            server.calls == [
                "POST /v2/dlq/retry?responseStatus=503",
                "POST /v2/dlq/retry?cursor=1725323658779-0&responseStatus=503",
            ]
        )
    }

    @Test func allAreRetriedInSteps() async throws {
        let server = ScriptedServer(
            .json(#"{"cursor":"1725323658779-0","responses":[{"messageId":"msg_1"}]}"#, status: 201),
            .json(#"{"responses":[{"messageId":"msg_2"}]}"#, status: 201)
        )
        let receipts = try await DeadLetterTour.retryAll(try server.client())
        #expect(receipts.map(\.messageID) == ["msg_1", "msg_2"])
        #expect(
            server.calls == ["POST /v2/dlq/retry?count=100", "POST /v2/dlq/retry?count=100&cursor=1725323658779-0"]
        )
    }

    @Test func anEntryIsReadAndDeleted() async throws {
        let letter = try await fail()
        #expect(try await DeadLetterTour.delete(broker.client, letter.id) == Array("7".utf8))
        #expect(try await broker.client.dlq.page().elements.isEmpty)
    }

    @Test func manyAreDeletedByIDByFilterAndAll() async throws {
        let server = ScriptedServer(
            .json(#"{"deleted":2}"#),
            .json(#"{"deleted":5}"#),
            .json(#"{"deleted":100,"cursor":"1725323658779-0"}"#),
            .json(#"{"deleted":7}"#)
        )
        let ids: [DeadLetterID] = ["1725323658779-0", "1725323658780-0"]
        #expect(try await DeadLetterTour.deleteMany(try server.client(), ids) == [2, 5, 107])
        #expect(
            server.calls == [
                "DELETE /v2/dlq?dlqIds=1725323658779-0&dlqIds=1725323658780-0", "DELETE /v2/dlq?label=test",
                "DELETE /v2/dlq?count=100", "DELETE /v2/dlq?count=100&cursor=1725323658779-0",
            ]
        )
    }
}
