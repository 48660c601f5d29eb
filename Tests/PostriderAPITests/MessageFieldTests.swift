import HTTPTypes
import PostriderCore
import PostriderSimulation
import QStashWire
import Testing

@testable import PostriderAPI

@Suite struct MessageFieldTests {
    private static let secretHash =
        "REDACTED:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"

    @Test func aPlainMessageHasNoFieldTooMany() async throws {
        let service = TestService()
        let id = try await service.publish()
        let answer = await service.send(.get, "/v2/messages/\(id)")
        #expect(answer.status == 200)
        #expect(answer.fields[.contentType] == "application/json")
        #expect(
            try answer.json == [
                "messageId": .string(id), "url": "https://a.test/x", "method": "POST", "header": [:],
                "maxRetries": 3, "notBefore": .number(TestService.begin), "createdAt": .number(TestService.begin),
                "callerIP": .string(TestService.peer),
            ]
        )
    }

    @Test func everySettingComesBack() async throws {
        let service = TestService()
        let id = try await service.publish(
            headers: [
                "Content-Type": "text/plain", "Upstash-Method": "put", "Upstash-Forward-My-Name": "one",
                "Upstash-Forward-my-name": "two", "Upstash-Retries": "5", "Upstash-Delay": "1m30s",
                "Upstash-Retry-Delay": "1000 * (1 + retried)", "Upstash-Timeout": "30s",
                "Upstash-Callback": "https://b.test/done", "Upstash-Callback-Forward-Tag": "c",
                "Upstash-Failure-Callback": "https://c.test/failed", "Upstash-Label": "blue, green,blue",
                "Upstash-Flow-Control-Key": "k", "Upstash-Flow-Control-Value": "rate=10, parallelism=2,period=1m",
            ],
            body: "hé"
        )
        #expect(
            try await service.send(.get, "/v2/messages/\(id)").json == [
                "messageId": .string(id), "url": "https://a.test/x", "method": "PUT",
                "header": ["Content-Type": ["text/plain"], "My-Name": ["one", "two"]], "body": "hé",
                "maxRetries": 5, "notBefore": .number(TestService.begin + 90_000),
                "createdAt": .number(TestService.begin), "callerIP": .string(TestService.peer),
                "callback": "https://b.test/done", "callbackHeader": ["Tag": ["c"]],
                "failureCallback": "https://c.test/failed", "failureCallbackHeader": [:],
                "label": "blue", "labels": ["blue", "green"],
                "flowControlKey": "k", "rate": 10, "parallelism": 2, "period": 60,
                "retryDelayExpression": "1000 * (1 + retried)",
            ]
        )
    }

    @Test func flowControlAlwaysHasItsPeriodAndOnlyTheLimitsAskedFor() async throws {
        let service = TestService()
        let id = try await service.publish(
            headers: ["Upstash-Flow-Control-Key": "k", "Upstash-Flow-Control-Value": "rate=1"]
        )
        let message = try await service.send(.get, "/v2/messages/\(id)").json
        #expect(message["flowControlKey"] == "k")
        #expect(message["rate"] == 1)
        #expect(message["period"] == 1)
        #expect(message["parallelism"] == nil)
    }

    @Test func aBodyThatIsNoTextIsBase64() async throws {
        let service = TestService()
        let answer = await service.send(.post, "/v2/publish/https://a.test", reader: BytesReader([0xff, 0x00]))
        let id = try #require(try answer.json["messageId"]?.text)
        let message = try await service.send(.get, "/v2/messages/\(id)").json
        #expect(message["body"] == nil)
        #expect(message["bodyBase64"] == "/wA=")
    }

    private static let redactions: [(String, AnswerValue, AnswerValue)] = [
        ("body", .string(secretHash), ["Authorization": ["secret"], "Tag": ["secret"]]),
        ("header", "secret", ["Authorization": [.string(secretHash)], "Tag": [.string(secretHash)]]),
        ("headers[authorization]", "secret", ["Authorization": [.string(secretHash)], "Tag": ["secret"]]),
        (
            "body, header[Tag]", .string(secretHash),
            ["Authorization": ["secret"], "Tag": [.string(secretHash)]]
        ),
    ]

    @Test(arguments: redactions)
    func whatIsRedactedIsShownAsAHashAndSentInClear(fields: String, body: AnswerValue, header: AnswerValue) async throws
    {
        let service = TestService()
        let id = try await service.publish(
            headers: [
                "Upstash-Redact-Fields": fields, "Upstash-Forward-Authorization": "secret",
                "Upstash-Forward-Tag": "secret", "Upstash-Callback": "https://b.test/done",
            ],
            body: "secret"
        )
        let message = try await service.send(.get, "/v2/messages/\(id)").json
        #expect(message["body"] == body)
        #expect(message["header"] == header)
        try await service.deliver()
        let arrival = try #require(service.destination.arrivals.first)
        #expect(arrival.request.body == Array("secret".utf8))
        #expect(arrival.header("Authorization") == "secret")
        #expect(arrival.header("Tag") == "secret")
        let callback = try #require(service.destination.arrivals.last?.header("Upstash-Message-Id"))
        let shown = try await service.send(.get, "/v2/messages/\(callback)").json
        #expect(shown["url"] == "https://b.test/done")
        #expect(shown["body"]?.text?.hasPrefix("REDACTED:") == true)
    }

    @Test func aCallbacksBodyIsRenderedAsItWasSent() async throws {
        let service = TestService(script: TestService.failing(times: 1))
        let id = try await service.publish(
            headers: [
                "Upstash-Retries": "0", "Content-Type": "text/plain", "Upstash-Callback": "https://b.test/done",
                "Upstash-Callback-Retries": "0",
            ],
            body: "hi"
        )
        try await service.deliver(forMilliseconds: 250)
        let arrival = try #require(service.destination.arrivals.last)
        try #require(arrival.request.url.text == "https://b.test/done")
        let expected: AnswerValue = [
            "status": 500, "header": ["X-Why": ["because"]], "body": "bm8=", "retried": 0, "maxRetries": 0,
            "sourceMessageId": .string(id), "url": "https://a.test/x", "method": "POST",
            "sourceHeader": ["Content-Type": ["text/plain"]], "sourceBody": "aGk=",
            "notBefore": .number(TestService.begin), "createdAt": .number(TestService.begin),
            "callerIP": .string(TestService.peer),
        ]
        #expect(try AnswerValue(parsing: arrival.request.body) == expected)
        let callback = try #require(arrival.header("Upstash-Message-Id"))
        let shown = try await service.send(.get, "/v2/messages/\(callback)").json
        let body = try #require(shown["body"]?.text)
        #expect(try AnswerValue(parsing: Array(body.utf8)) == expected)
    }

    @Test func aFinishedMessageStaysReadable() async throws {
        let service = TestService()
        let id = try await service.publish(body: "hi")
        let before = try await service.send(.get, "/v2/messages/\(id)").json
        try await service.deliver()
        #expect(try await service.send(.get, "/v2/messages/\(id)/").json == before)
    }

    @Test func idsThatAreNotOfThisStoreAreUnknown() async throws {
        let service = TestService()
        let id = try await service.publish(headers: ["Upstash-Delay": "1h"])
        let key = try #require(MessageID(id)).key
        let foreign = MessageID(key: key, store: StoreID(rawValue: 1)).description
        let ids = [
            foreign, MessageID(key: MessageKey(rawValue: key.rawValue + 1), store: TestService.storeID).description,
            "x", "msg_", "\(id)x", String(id.dropLast()), String(id.dropFirst(4)), "msg_\(key.rawValue)",
            String(repeating: "9", count: 10_000),
        ]
        for id in ids {
            for method in [HTTPRequest.Method.get, .delete] {
                let answer = await service.send(method, "/v2/messages/\(id)")
                #expect(answer.status == 404)
                #expect(answer.code == "message_not_found")
            }
        }
        #expect(try await service.store.pendingCount() == 1)
    }
}
