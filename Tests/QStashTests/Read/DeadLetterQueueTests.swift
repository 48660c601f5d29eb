import Foundation
import HTTPTypes
import QStash
import Testing

/// The dead letter queue: steps, cursors, and what a retry changes.
@Suite struct DeadLetterQueueTests {
    @Test func deletingAllGoesOnWhereEachStepEnded() async throws {
        let transport = ScriptedTransport(
            .text(#"{"deleted":100,"cursor":"c1"}"#),
            .text(#"{"deleted":100,"cursor":"c2"}"#),
            .text(#"{"deleted":7,"cursor":""}"#)
        )
        #expect(try await QStashClient.over(transport).dlq.deleteAll() == BulkResult(count: 207))
        #expect(
            transport.targets == [
                "DELETE /v2/dlq?count=100", "DELETE /v2/dlq?count=100&cursor=c1", "DELETE /v2/dlq?count=100&cursor=c2",
            ]
        )
    }

    @Test func deletingAllEndsWhenTheCursorsLeadInACircle() async throws {
        let step = ScriptedTransport.Step.text(#"{"deleted":1,"cursor":"c"}"#)
        let transport = ScriptedTransport(step, step)
        let dlq = try QStashClient.over(transport).dlq
        let error = try await ExchangeCase.error { try await dlq.deleteAll() }
        #expect(error.code == .answerInvalid)
    }

    @Test func deletingAllTakesAThousandSteps() async throws {
        let transport = ScriptedTransport((0..<1_000).map { .text(#"{"deleted":2,"cursor":"c\#($0)"}"#) })
        let result = try await QStashClient.over(transport).dlq.deleteAll()
        #expect(result == BulkResult(count: 2_000, next: "c999") && transport.requests.count == 1_000)
    }

    @Test func retryingAllIsOneStep() async throws {
        let transport = ScriptedTransport(.text(#"{"responses":[{"messageId":"a"},{"messageId":"b"}],"cursor":"c1"}"#))
        let result = try await QStashClient.over(transport).dlq.retryAll(countMax: 2, after: "c0")
        #expect(result.count == 2 && result.receipts.map(\.messageID) == ["a", "b"] && result.next == "c1")
        #expect(transport.targets == ["POST /v2/dlq/retry?count=2&cursor=c0"])
    }

    @Test func retryChangesOnlyWhatIsSet() async throws {
        let answer = ScriptedTransport.Step.text(#"{"responses":[{"messageId":"a"}]}"#)
        let transport = ScriptedTransport(answer, answer, answer)
        let dlq = try QStashClient.over(transport).dlq
        try await dlq.retry("1-0")
        try await dlq.retry("1-0", overriding: PublishOptions(method: .post))
        try await dlq.retry("1-0", overriding: PublishOptions(notBefore: Sample.to, retries: 0))
        #expect(transport.requests.map(\.body) == [[], [], []])
        #expect(
            transport.requests.map { request in
                request.head.headerFields.filter { $0.name != .authorization }.map { "\($0.name.rawName): \($0.value)" }
            } == [
                [], ["Upstash-Method: POST"], ["Upstash-Not-Before: 1760000000", "Upstash-Retries: 0"],
            ]
        )
    }

    @Test(arguments: [#"{"responses":[]}"#, #"{"responses":[{"messageId":"a"},{"messageId":"b"}]}"#])
    func retryOfOneNeedsOneReceipt(_ answer: String) async throws {
        let dlq = try QStashClient.over(ScriptedTransport(.text(answer, status: 201))).dlq
        let error = try await ExchangeCase.error { try await dlq.retry("1-0") }
        #expect(error.code == .answerInvalid)
    }

    @Test(arguments: [
        (#"{"deleted":"x"}"#, "deleted"), ("{}", "deleted"), (#"{"deleted":1,"cursor":{}}"#, "cursor"), ("", nil),
    ])
    func deleteOfManyNeedsItsCount(answer: String, place: String?) async throws {
        let dlq = try QStashClient.over(ScriptedTransport(.text(answer))).dlq
        let error = try await ExchangeCase.error { try await dlq.delete(["1-0"]) }
        #expect(error.code == .answerInvalid && place.map { error.detail.hasSuffix("at \($0)") } ?? true)
    }

    @Test(arguments: [
        (#"{"messages":[{"messageId":"m"}]}"#, "messages.[0].dlqId"), (#"{"messages":7}"#, "messages"),
        (#"{"messages":[{"dlqId":"1-0"}]}"#, "messages.[0].messageId"), ("{}", "messages"),
    ])
    func wrongEntryIsRefusedWithItsPlace(answer: String, place: String) async throws {
        let dlq = try QStashClient.over(ScriptedTransport(.text(answer))).dlq
        let error = try await ExchangeCase.error { _ = try await dlq.page() }
        #expect(error.code == .answerInvalid && error.detail.hasSuffix("at \(place)"), "\(error.detail)")
    }

    @Test func entryWithoutAnAnswerSaysWhy() throws {
        let json = """
            {"dlqId":"1-0","messageId":"m","url":"u","method":"POST","maxRetries":0,"notBefore":1,"createdAt":1,
             "responseStatus":0,"responseHeader":{},"error":"no such host"}
            """
        let letter = try JSONDecoder().decode(DeadLetter.self, from: Data(json.utf8))
        #expect(letter.responseStatus == nil && letter.error == "no such host")
        #expect("\(letter)" == "DeadLetter(1-0, m, no answer)")
    }

    @Test func deleteOfOneNeedsNoBody() async throws {
        let transport = ScriptedTransport(.text(""), .text(#"{"error":"dlq message not found"}"#, status: 404))
        let dlq = try QStashClient.over(transport).dlq
        try await dlq.delete("1725323658779-0")
        let error = try await ExchangeCase.error { try await dlq.delete("1725323658779-0") }
        #expect(error.code == .notFound)
        #expect(transport.targets == Array(repeating: "DELETE /v2/dlq/1725323658779-0", count: 2))
    }
}
