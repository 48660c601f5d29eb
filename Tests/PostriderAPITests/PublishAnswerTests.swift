import HTTPTypes
import PostriderBroker
import PostriderCore
import PostriderSimulation
import QStashWire
import Testing

@testable import PostriderAPI

@Suite struct PublishAnswerTests {
    @Test func everyAnswerCarriesTheBrokersDate() async throws {
        let service = TestService()
        let found = await service.send(.get, "/v2/keys")
        let refused = await service.send(.get, "/v2/keys", token: nil)
        #expect(found.fields[.date] == "Thu, 09 Oct 2025 08:53:20 GMT")
        #expect(refused.status == 401)
        #expect(refused.fields[.date] == "Thu, 09 Oct 2025 08:53:20 GMT")
    }

    @Test func theAnswerNamesTheMessageAndItsURL() async throws {
        let service = TestService()
        let answer = await service.send(.post, "/v2/publish/https://a.test/x", body: "hi")
        #expect(answer.status == 200)
        #expect(answer.fields[.contentType] == "application/json")
        let id = try #require(try answer.json["messageId"]?.text)
        #expect(try answer.json == ["messageId": .string(id), "url": "https://a.test/x"])
        #expect(MessageID(id)?.store == TestService.storeID)
    }

    @Test(arguments: [
        ("https://a.test//x//", "https://a.test//x//"),
        ("https://a.test/a%2Fb?q=%20&r=a+b", "https://a.test/a%2Fb?q=%20&r=a+b"),
        ("https:/a.test/x", "https://a.test/x"),
        ("https%3A%2F%2Fa.test%2Fx%3Fy%3D1", "https://a.test/x?y=1"),
        ("https://a.test/x?upstash-retries=1&y=2", "https://a.test/x?y=2"),
    ])
    func theDestinationIsKeptAsItStands(path: String, url: String) async throws {
        let service = TestService()
        let answer = await service.send(.post, "/v2/publish/\(path)")
        #expect(try answer.json["url"] == .string(url))
        try await service.deliver()
        #expect(service.destination.arrivals.map(\.request.url.text) == [url])
    }

    @Test func theDestinationGetsWhatWasPublished() async throws {
        let service = TestService()
        let id = try await service.publish(
            headers: [
                "Content-Type": "text/plain", "Upstash-Method": "put", "Upstash-Forward-My-Name": "one",
                "Upstash-Forward-my-name": "two", "X-Own": "kept back",
            ],
            body: "hi"
        )
        try await service.deliver()
        let arrival = try #require(service.destination.arrivals.first)
        #expect(arrival.request.method == "PUT")
        #expect(arrival.request.body == Array("hi".utf8))
        #expect(arrival.header("Content-Type") == "text/plain")
        #expect(arrival.request.headers.filter { $0.name == "My-Name" }.map(\.value) == ["one", "two"])
        #expect(arrival.header("X-Own") == nil)
        #expect(arrival.header("Upstash-Message-Id") == id)
        #expect(arrival.header("Upstash-Caller-Ip") == TestService.peer)
    }

    @Test func aDuplicateIs202WithTheEarlierIDAndItsOwnURL() async throws {
        let service = TestService()
        let first = try await service.publish(headers: ["Upstash-Deduplication-Id": "d"])
        let answer = await service.send(
            .post,
            "/v2/publish/https://b.test/y",
            headers: ["Upstash-Deduplication-Id": "d"]
        )
        #expect(answer.status == 202)
        let expected: AnswerValue = ["messageId": .string(first), "url": "https://b.test/y", "deduplicated": true]
        #expect(try answer.json == expected)
        let other = try await service.publish(
            headers: ["Upstash-Deduplication-Id": "d"],
            token: TestService.otherToken
        )
        #expect(other != first)
    }

    @Test func contentIsRecognisedWhenAskedTo() async throws {
        let service = TestService()
        let headers: KeyValuePairs = ["Upstash-Content-Based-Deduplication": "true"]
        let first = try await service.publish(headers: headers, body: "same")
        let again = await service.send(.post, "/v2/publish/https://a.test/x", headers: headers, body: "same")
        #expect(again.status == 202)
        #expect(try again.json["messageId"] == .string(first))
        #expect(try await service.publish(headers: headers, body: "other") != first)
    }

    @Test func anIDIsFreeAgainWhenItsWindowHasPassed() async throws {
        let service = TestService()
        let headers: KeyValuePairs = ["Upstash-Deduplication-Id": "d", "Upstash-Delay": "1h"]
        let first = try await service.publish(headers: headers)
        service.clock.advance(milliseconds: 599_999)
        let target = "/v2/publish/https://a.test/x"
        #expect(await service.send(.post, target, headers: headers).status == 202)
        service.clock.advance(milliseconds: 1)
        #expect(try await service.publish(headers: headers) != first)
    }

    private static let refused: [(String, KeyValuePairs<String, String>, Int, String)] = [
        ("a.test/x", [:], 400, "destination_invalid"),
        ("", [:], 400, "destination_invalid"),
        ("ftp://a.test", [:], 400, "destination_invalid"),
        ("https://user@a.test", [:], 400, "destination_invalid"),
        ("my-group", [:], 400, "not_supported_yet"),
        ("api/llm", [:], 400, "api_not_available"),
        ("https://a.test", ["Upstash-Cron": "* * * * *"], 400, "not_supported_yet"),
        ("https://a.test", ["Upstash-Queue-Name": "q"], 400, "not_supported_yet"),
        ("https://a.test", ["Upstash-Retries": "101"], 412, "retries_too_many"),
        ("https://a.test", ["Upstash-Retries": "-1"], 400, "retries_invalid"),
        ("https://a.test", ["Upstash-Delay": "-5s"], 400, "duration_invalid"),
        ("https://a.test", ["Upstash-Delay": "10000d"], 412, "delay_too_long"),
        ("https://a.test", ["Upstash-Not-Before": "99999999999"], 412, "delay_too_long"),
        ("https://a.test", ["Upstash-Retry-Delay": "1 +"], 400, "expression_invalid"),
        ("https://a.test", ["Upstash-Deduplication-Id": "a:b"], 400, "deduplication_id_invalid"),
        ("https://a.test", ["Upstash-Callback": "nowhere"], 400, "callback_invalid"),
        ("https://a.test", ["Upstash-Callback-Callback": "https://b.test"], 400, "callback_nested"),
        ("https://a.test", ["Upstash-Forward-Host": "b.test"], 400, "header_forbidden"),
        ("https://a.test", ["Upstash-Method": "GET", "upstash-method": "PUT"], 400, "header_repeated"),
        ("https://a.test", ["Upstash-Flow-Control-Key": "k"], 400, "flow_control_invalid"),
    ]

    @Test(arguments: refused)
    func badInputIsRefusedWithItsCodeAndNothingIsStored(
        destination: String,
        headers: KeyValuePairs<String, String>,
        status: Int,
        code: String
    ) async throws {
        let service = TestService()
        let answer = await service.send(.post, "/v2/publish/\(destination)", headers: headers, body: "hi")
        #expect(answer.status == status)
        #expect(answer.code == code)
        #expect(try await service.send(.get, "/v2/events").json == ["events": []])
    }

    @Test func aBodyMayReachItsLimitAndNotPassIt() async throws {
        var settings = APISettings()
        settings.bodyBytesMax = 8
        let service = TestService(settings: settings)
        _ = try await service.publish(body: "12345678")
        let answer = await service.send(.post, "/v2/publish/https://a.test/x", body: "123456789")
        #expect(answer.status == 413)
        #expect(try answer.json == ["error": "the body is larger than 8 bytes", "code": "body_too_large"])
    }

    @Test(arguments: ["/v2/publish/https://a.test/x", "/v2/batch"])
    func aBodyAnnouncedAsTooLongIsNotRead(path: String) async {
        var settings = APISettings()
        settings.bodyBytesMax = 8
        settings.batchBytesMax = 8
        let service = TestService(settings: settings)
        let answer = await service.send(.post, path, headers: ["Content-Length": "9"], reader: UntouchedReader())
        #expect(answer.status == 413)
        #expect(answer.code == "body_too_large")
    }

    @Test func aBodyThatBreaksOffStoresNothingAndGivesItsRoomBack() async throws {
        var settings = Broker.Settings()
        settings.admission.requestBytesMax = 10
        let service = TestService(brokerSettings: settings)
        for _ in 0..<3 {
            let answer = await service.send(
                .post,
                "/v2/publish/https://a.test/x",
                headers: ["Content-Length": "9"],
                reader: BrokenReader(byteCount: 8)
            )
            #expect(answer.status == 400)
            #expect(answer.code == "body_incomplete")
        }
        #expect(try await service.send(.get, "/v2/events").json == ["events": []])
        for _ in 0..<3 { _ = try await service.publish(body: "1234567890") }
    }

    @Test func withoutRoomForABodyThePublisherIsToldToComeBack() async throws {
        var settings = Broker.Settings()
        settings.admission.requestBytesMax = 10
        let service = TestService(brokerSettings: settings)
        let answer = await service.send(.post, "/v2/publish/https://a.test/x", body: "12345678901")
        #expect(answer.status == 429)
        #expect(answer.code == "overloaded")
        #expect(answer.fields[.retryAfter] == "1")
        #expect(try await service.store.pendingCount() == 0)
    }

    private static let failures: [(StoreError.Code, Int, String?)] = [
        (.unavailable, 503, "1"), (.uncertain, 503, "1"), (.closed, 503, "1"), (.full, 507, nil),
    ]

    @Test(arguments: failures)
    func aStoreThatFailsIsNeverAnAcceptance(code: StoreError.Code, status: Int, retryAfter: String?) async throws {
        let service = TestService()
        service.store.fail(.beforeWrite(.accept, call: 1, code: code))
        let answer = await service.send(.post, "/v2/publish/https://a.test/x")
        #expect(answer.status == status)
        #expect(answer.code == code.rawValue)
        #expect(answer.fields[.retryAfter] == retryAfter)
        #expect(try await service.store.pendingCount() == 0)
    }
}

/// A body nobody may ask for.
private struct UntouchedReader: RequestBodyReader {
    func bytes(upTo limit: Int, room: (Int) throws -> Void) async throws -> [UInt8] {
        Issue.record("the body was read")
        return []
    }
}

/// A body whose connection breaks off after some bytes.
private struct BrokenReader: RequestBodyReader {
    let byteCount: Int

    func bytes(upTo limit: Int, room: (Int) throws -> Void) async throws -> [UInt8] {
        try room(byteCount)
        throw APIError(.badRequest, code: "body_incomplete", message: "the body is shorter than announced")
    }
}
