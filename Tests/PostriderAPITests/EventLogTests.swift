import HTTPTypes
import PostriderCore
import PostriderSimulation
import Testing

@testable import PostriderAPI

@Suite struct EventLogTests {
    private func entries(_ service: TestService, _ query: String) async throws -> [AnswerValue] {
        let answer = await service.send(.get, "/v2/events?\(query)")
        try #require(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
        return try #require(try answer.json["events"]?.elements)
    }

    private func states(_ service: TestService, _ query: String) async throws -> [String] {
        try await entries(service, query).compactMap { $0["state"]?.text }
    }

    /// Messages that were retried and delivered, one that failed, and one that was cancelled: every state there is.
    private func busyService() async throws -> TestService {
        let service = TestService(script: TestService.failing(times: 1))
        for number in 0..<5 {
            _ = try await service.publish("https://a.test/\(number)", headers: ["Upstash-Retry-Delay": "1000"])
        }
        _ = try await service.publish("https://b.test/", headers: ["Upstash-Retries": "0"])
        try await service.deliver()
        let id = try await service.publish("https://c.test/", headers: ["Upstash-Delay": "1h"])
        #expect(await service.send(.delete, "/v2/messages/\(id)").status == 202)
        return service
    }

    @Test func aRetriedMessageLeavesItsWholeStory() async throws {
        let service = TestService(script: TestService.failing(times: 1))
        let id = try await service.publish(
            headers: ["Content-Type": "text/plain", "Upstash-Retry-Delay": "1000", "Upstash-Label": "blue"],
            body: "hi"
        )
        try await service.deliver()
        func entry(_ state: String, at offset: Int64, _ more: [String: AnswerValue] = [:]) -> AnswerValue {
            let fields: [String: AnswerValue] = [
                "time": .number(TestService.begin + offset), "messageId": .string(id), "state": .string(state),
                "url": "https://a.test/x", "method": "POST", "header": ["Content-Type": ["text/plain"]],
                "body": "aGk=", "timeout": 900_000, "maxRetries": 3, "retryDelayExpression": "1000",
                "retryDelayExpr": "1000", "label": "blue", "labels": ["blue"],
            ]
            return .object(fields.merging(more) { _, new in new })
        }
        let story = [
            entry("CREATED", at: 0),
            entry("ACTIVE", at: 0),
            entry(
                "ERROR",
                at: 250,
                [
                    "error": "destination answered 500", "responseStatus": 500, "responseBody": "bm8=",
                    "responseHeaders": ["X-Why": ["because"]], "responseHeader": ["X-Why": ["because"]],
                ]
            ),
            entry("RETRY", at: 250, ["nextDeliveryTime": .number(TestService.begin + 1_250)]),
            entry("ACTIVE", at: 1_250),
            entry("DELIVERED", at: 1_250),
        ]
        #expect(try await entries(service, "order=earliestFirst") == story)
        #expect(try await entries(service, "order=latestFirst") == story.reversed())
        #expect(try await entries(service, "order=") == story.reversed())
        let logs = await service.send(.get, "/v2/logs?messageId=\(id)")
        #expect(try logs.json == ["logs": .array(story.reversed())])
    }

    @Test func anAttemptWithoutAnswerHasNothingOfOne() async throws {
        let failure = AttemptFailure(code: .connectionRefused, detail: "connection refused")
        let service = TestService { _ in .init(outcome: .failed(failure)) }
        _ = try await service.publish(headers: ["Upstash-Retries": "0", "Upstash-Timeout": "5"])
        try await service.deliver()
        let error = try #require(try await entries(service, "state=ERROR").first)
        #expect(error["error"] == "connection refused")
        #expect(error["timeout"] == 5_000)
        #expect(error["responseStatus"] == nil)
        #expect(error["responseHeaders"] == nil)
        #expect(try await states(service, "") == ["FAILED", "ERROR", "ACTIVE", "CREATED"])
    }

    @Test(arguments: [
        ("CREATED", ["CREATED"]), ("ACTIVE", ["ACTIVE"]), ("DELIVERED", ["DELIVERED"]), ("ERROR", ["ERROR"]),
        ("RETRY", ["RETRY"]), ("FAILED", ["FAILED"]), ("CANCEL_REQUESTED", ["CANCEL_REQUESTED"]),
        ("CANCELED", ["CANCELED"]), ("CANCELLED", ["CANCELED"]), ("delivered", ["DELIVERED"]),
        ("IN_PROGRESS", ["ACTIVE", "RETRY", "ERROR"]), ("FAILED,RETRY", ["FAILED", "RETRY"]),
        ("FAILED&state=CREATED", ["FAILED", "CREATED"]), ("", Event.State.allCases.map(\.rawValue)),
    ])
    func statesFilterAndAddUp(query: String, wanted: [String]) async throws {
        let service = try await busyService()
        let all = try await entries(service, "count=1000")
        #expect(Set(all.compactMap { $0["state"]?.text }).count == Event.State.allCases.count)
        let expected = all.filter { wanted.contains($0["state"]?.text ?? "") }
        #expect(!expected.isEmpty)
        #expect(try await entries(service, "count=1000&state=\(query)") == expected)
    }

    @Test(arguments: [1, 2, 3, 7, 16, 41], ["latestFirst", "earliestFirst"])
    func pagesPutTogetherAreTheOneBigPage(count: Int, order: String) async throws {
        let service = try await busyService()
        for filter in ["", "&state=ERROR,DELIVERED", "&state=IN_PROGRESS", "&state=CANCELED", "&state=CREATED"] {
            let query = "order=\(order)\(filter)"
            let whole = try await entries(service, "\(query)&count=1000")
            #expect(!whole.isEmpty)
            let walked = try await service.walk("/v2/events", query: query, count: count, key: "events")
            #expect(walked == whole)
        }
    }

    @Test func whatHappensWhileWalkingIsNotMixedIn() async throws {
        let service = try await busyService()
        let whole = try await entries(service, "count=1000")
        let first = try await service.send(.get, "/v2/events?count=10").json
        let cursor = try #require(first["cursor"]?.text)
        _ = try await service.publish()
        try await service.deliver()
        let rest = try await entries(service, "count=1000&cursor=\(cursor)")
        #expect((first["events"]?.elements ?? []) + rest == whole)
    }

    @Test func countIsBounded() async throws {
        var settings = APISettings()
        settings.eventsDefault = 3
        settings.eventsMax = 4
        let service = TestService(settings: settings)
        for _ in 0..<6 { _ = try await service.publish() }
        let lengths = [("", 3), ("count=", 3), ("count=2", 2), ("count=4", 4), ("count=5", 4), ("count=2&count=1", 1)]
        for (query, length) in lengths { #expect(try await entries(service, query).count == length) }
        for count in ["0", "-1", "x", "1.5", "1e3", "%201", "99999999999999999999"] {
            let answer = await service.send(.get, "/v2/events?count=\(count)")
            #expect(answer.status == 400)
            #expect(answer.code == "count_invalid")
        }
    }

    @Test(arguments: [
        "x", "1-2-3", "1-0", "-1-0-0", "1--0", "1-3-0", "1-0-", "1-0-xyz", "1-0-0-0", "99999999999999999999-0-0",
        "%00", String(repeating: "1", count: 100),
    ])
    func aCursorThatIsNotOursIsRefused(cursor: String) async throws {
        let service = try await busyService()
        for path in ["/v2/events", "/v2/logs"] {
            let answer = await service.send(.get, "\(path)?cursor=\(cursor)")
            #expect(answer.status == 400)
            #expect(answer.code == "cursor_invalid")
        }
    }

    @Test func aCursorBelongsToItsFilterOrderAndAccount() async throws {
        let service = try await busyService()
        let id = try #require(try await entries(service, "count=1").first?["messageId"]?.text)
        let page = try await service.send(.get, "/v2/events?count=1&state=ERROR,CREATED").json
        let cursor = try #require(page["cursor"]?.text)
        let others = [
            "", "state=ERROR", "state=ERROR,CREATED,RETRY", "state=ERROR,CREATED&order=earliestFirst",
            "state=ERROR,CREATED&messageId=\(id)",
        ]
        for query in others {
            #expect(await service.send(.get, "/v2/events?cursor=\(cursor)&\(query)").code == "cursor_invalid")
        }
        let same = "/v2/events?cursor=\(cursor)&state=CREATED&state=ERROR"
        #expect(await service.send(.get, same).status == 200)
        #expect(await service.send(.get, same, token: TestService.otherToken).code == "cursor_invalid")
    }

    @Test func messageIDsNarrowTheLog() async throws {
        let service = TestService()
        var ids: [String] = []
        for _ in 0..<3 { ids.append(try await service.publish()) }
        let foreign = MessageID(key: MessageKey(rawValue: 1), store: StoreID(rawValue: 1)).description
        func found(_ query: String) async throws -> [String] {
            try await entries(service, query).compactMap { $0["messageId"]?.text }
        }
        #expect(try await found("messageId=\(ids[1])") == [ids[1]])
        #expect(try await found("messageIds=\(ids[2]),\(ids[0])") == [ids[2], ids[0]])
        #expect(try await found("messageIds=\(ids[0])&messageIds=\(ids[0])&messageIds=x") == [ids[0]])
        #expect(try await found("messageIds=\(foreign),x") == [])
        #expect(try await service.send(.get, "/v2/events?messageId=\(foreign)").json == ["events": []])
        let many = Array(repeating: "x", count: 501).joined(separator: ",")
        #expect(await service.send(.get, "/v2/events?messageIds=\(many)").code == "too_many_ids")
    }

    @Test(arguments: [
        ("state=DONE", "state_unknown"), ("state=DELIVERED,", ""), ("order=newest", "order_invalid"),
        ("states=DELIVERED", "parameter_unknown"), ("Count=1", "parameter_unknown"),
        ("url=https://a.test", "filter_not_supported_yet"), ("fromDate=1", "filter_not_supported_yet"),
        ("messageId=%ff", "query_invalid"),
    ])
    func parametersAreKnownOrRefused(query: String, code: String) async {
        let answer = await TestService().send(.get, "/v2/events?\(query)")
        #expect(answer.status == (code.isEmpty ? 200 : 400))
        #expect(answer.code ?? "" == code)
    }

    @Test func anAttemptUnderWayStandsWhereItBegan() async throws {
        let service = TestService { _ in .status(200, afterMilliseconds: 5_000) }
        let id = try await service.publish()
        try await service.deliver(forMilliseconds: 1_000)
        _ = try await service.publish(headers: ["Upstash-Delay": "1h"])
        let active = try #require(try await entries(service, "state=ACTIVE").first)
        #expect(active["messageId"] == .string(id))
        #expect(active["time"] == .number(TestService.begin))
        #expect(try await states(service, "") == ["CREATED", "ACTIVE", "CREATED"])
        #expect(try await states(service, "order=earliestFirst") == ["CREATED", "ACTIVE", "CREATED"])
        #expect(try await states(service, "state=CREATED") == ["CREATED", "CREATED"])
    }

    @Test func largeBodiesAndThoseOfCallbacksAreLeftOut() async throws {
        var settings = APISettings()
        settings.eventBodyBytesMax = 4
        let service = TestService(settings: settings)
        let headers: KeyValuePairs = ["Upstash-Callback": "https://b.test"]
        let small = try await service.publish(headers: headers, body: "1234")
        let large = try await service.publish(headers: headers, body: "12345")
        try await service.deliver()
        for entry in try await entries(service, "") {
            let isSmall = entry["messageId"] == .string(small)
            #expect(entry["body"] == (isSmall ? "MTIzNA==" : nil))
        }
        #expect(try await service.send(.get, "/v2/messages/\(large)").json["body"] == "12345")
    }

    @Test func whatIsRedactedIsHiddenInTheLogToo() async throws {
        let service = TestService()
        _ = try await service.publish(
            headers: ["Upstash-Redact-Fields": "body,header", "Upstash-Forward-Tag": "secret"],
            body: "secret"
        )
        let entry = try #require(try await entries(service, "").first)
        let hash = "REDACTED:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"
        #expect(entry["header"] == ["Tag": [.string(hash)]])
        // The log has bodies in base64, the hash of a hidden one included.
        #expect(entry["body"]?.text?.hasPrefix("UkVEQUNURUQ6") == true)
    }
}
