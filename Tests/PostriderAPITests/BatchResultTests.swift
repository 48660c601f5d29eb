import HTTPTypes
import PostriderCore
import PostriderSimulation
import QStashWire
import Testing

@testable import PostriderAPI

@Suite struct BatchResultTests {
    @Test func resultsStandInTheOrderOfTheItemsAndBadOnesKeepNoOtherOut() async throws {
        let service = TestService()
        let answer = await service.send(
            .post,
            "/v2/batch",
            body: """
                [{"destination":"https://a.test/1","headers":{"Upstash-Deduplication-Id":"d"},"body":"hi"},
                 {"destination":"a.test/x"},
                 {"destination":"https://a.test/2","queue":"q"},
                 {"destination":"https://a.test/3","headers":{"Upstash-Delay":"-5s"}},
                 {"destination":"https://a.test/4","headers":{"Upstash-Deduplication-Id":"d"}},
                 {"destination":"my-group"},
                 {"destination":"https://a.test/5","headers":null,"body":null,"queue":null},
                 {"destination":"https://a.test/6","headers":{"Upstash-Not-Before":"99999999999"}},
                 {"destination":"https://a.test/7","queue":"","headers":{"Upstash-Forward-A":["1","2"]}}]
                """
        )
        #expect(answer.status == 200)
        let results = try #require(try answer.json.elements)
        try #require(results.count == 9)
        let accepted = [0, 6, 8]
        let ids = accepted.compactMap { results[$0]["messageId"] }
        #expect(Set(ids).count == 3)
        #expect(results[0] == ["messageId": ids[0], "url": "https://a.test/1"])
        #expect(results[4] == ["messageId": ids[0], "url": "https://a.test/4", "deduplicated": true])
        #expect(results[6] == ["messageId": ids[1], "url": "https://a.test/5"])
        #expect(results[8] == ["messageId": ids[2], "url": "https://a.test/7"])
        let codes = [1, 2, 3, 5, 7].map { results[$0]["code"] }
        let expected: [AnswerValue] = [
            "destination_invalid", "not_supported_yet", "duration_invalid", "not_supported_yet", "delay_too_long",
        ]
        #expect(codes == expected)
        #expect([1, 2, 3, 5, 7].allSatisfy { results[$0]["error"]?.text?.isEmpty == false })
        try await service.deliver()
        #expect(Set(service.destination.arrivals.map(\.request.url.text)).count == 3)
        let last = service.destination.arrivals.first { $0.request.url.text == "https://a.test/7" }
        #expect(last?.request.headers.filter { $0.name == "A" }.map(\.value) == ["1", "2"])
    }

    @Test func theOutersOptionsDoNotApplyToItems() async throws {
        let service = TestService()
        let answer = await service.send(
            .post,
            "/v2/batch",
            headers: ["Upstash-Retries": "9", "Upstash-Forward-A": "1", "Content-Type": "application/json"],
            body: #"[{"destination":"https://a.test"}]"#
        )
        let id = try #require(try answer.json.elements?.first?["messageId"]?.text)
        let message = try await service.send(.get, "/v2/messages/\(id)").json
        #expect(message["maxRetries"] == 3)
        #expect(message["header"] == [:])
    }

    @Test(arguments: ["", " ", "{}", "null", "1", #""x""#, "[", "[{]", #"{"destination":"https://a.test"}"#])
    func whatIsNoArrayIsRefused(body: String) async {
        let answer = await TestService().send(.post, "/v2/batch", body: body)
        #expect(answer.status == 400)
        #expect(answer.code == "batch_invalid")
    }

    @Test func bytesThatAreNoTextAreRefusedAsAWhole() async throws {
        let service = TestService()
        let body = Array(#"[{"destination":"https://a.test","body":""#.utf8) + [0xff] + Array(#""}]"#.utf8)
        let answer = await service.send(.post, "/v2/batch", reader: BytesReader(body))
        #expect(answer.status == 400)
        #expect(answer.code == "batch_invalid")
        #expect(try await service.store.pendingCount() == 0)
    }

    @Test func anEmptyBatchHasNoResults() async throws {
        let answer = await TestService().send(.post, "/v2/batch", body: "[]")
        #expect(answer.status == 200)
        #expect(try answer.json == [])
    }

    @Test(arguments: [
        "null", "1", #""x""#, "[]", "{}", #"{"destination":1}"#, #"{"destination":null}"#,
        #"{"destination":"https://a.test","body":{}}"#, #"{"destination":"https://a.test","headers":[]}"#,
        #"{"destination":"https://a.test","headers":{"A":1}}"#, #"{"destination":"https://a.test","queue":1}"#,
    ])
    func anItemThatIsNoMessageSaysWhatOneIs(item: String) async throws {
        let service = TestService()
        let good = #"{"destination":"https://a.test/good"}"#
        let answer = await service.send(.post, "/v2/batch", body: "[\(item),\(good)]")
        #expect(answer.status == 200)
        let results = try #require(try answer.json.elements)
        try #require(results.count == 2)
        #expect(results[0]["code"] == "batch_item_invalid")
        #expect(results[1]["url"] == "https://a.test/good")
        #expect(try await service.store.pendingCount() == 1)
    }

    @Test func aBatchThatIsTooLongAcceptsNothing() async throws {
        var settings = APISettings()
        settings.batchItemsMax = 2
        let service = TestService(settings: settings)
        let item = #"{"destination":"https://a.test"}"#
        let answer = await service.send(.post, "/v2/batch", body: "[\(item),\(item),\(item)]")
        #expect(answer.status == 400)
        #expect(answer.code == "batch_too_long")
        #expect(try await service.store.pendingCount() == 0)
        let shorter = await service.send(.post, "/v2/batch", body: "[\(item),\(item)]")
        #expect(shorter.status == 200)
        #expect(try await service.store.pendingCount() == 2)
    }

    @Test func bytesAreBoundedInAllAndPerItem() async throws {
        var settings = APISettings()
        settings.bodyBytesMax = 4
        settings.batchBytesMax = 100
        let service = TestService(settings: settings)
        func batch(_ body: String) -> String { #"[{"destination":"https://a.test","body":"\#(body)"}]"# }
        #expect(try await service.send(.post, "/v2/batch", body: batch("1234")).json.elements?.first?["code"] == nil)
        let item = try await service.send(.post, "/v2/batch", body: batch("12345")).json.elements?.first
        #expect(item == ["error": "the body is larger than 4 bytes", "code": "body_too_large"])
        let whole = await service.send(.post, "/v2/batch", body: batch(String(repeating: "x", count: 100)))
        #expect(whole.status == 413)
        #expect(whole.code == "body_too_large")
        #expect(try await service.store.pendingCount() == 1)
    }

    @Test func aStoreThatFailsRefusesTheWholeBatch() async throws {
        let service = TestService()
        service.store.fail(.beforeWrite(.accept, call: 1))
        let body = #"[{"destination":"https://a.test"},{"destination":"nowhere:1"}]"#
        let answer = await service.send(.post, "/v2/batch", body: body)
        #expect(answer.status == 503)
        #expect(answer.code == "store_unavailable")
        #expect(try await service.store.pendingCount() == 0)
    }
}
