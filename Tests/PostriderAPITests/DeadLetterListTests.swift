import HTTPTypes
import PostriderCore
import PostriderSimulation
import QStashWire
import Testing

@testable import PostriderAPI

@Suite struct DeadLetterListTests {
    /// A service whose destinations answer 500, with dead letters of several moments, and their ids in order.
    private func serviceWithDeadLetters(_ count: Int) async throws -> (service: TestService, ids: [String]) {
        let service = TestService(script: TestService.failing(times: 9))
        for number in 0..<count {
            _ = try await service.publish("https://a.test/\(number)", headers: ["Upstash-Retries": "0"])
            if number % 3 == 2 { try await service.deliver() }
        }
        try await service.deliver()
        let ids = try await letters(service).compactMap { $0["dlqId"]?.text }
        try #require(ids.count == count)
        return (service, ids)
    }

    private func letters(_ service: TestService, _ query: String = "") async throws -> [AnswerValue] {
        let answer = await service.send(.get, "/v2/dlq?\(query)")
        try #require(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
        return try #require(try answer.json["messages"]?.elements)
    }

    @Test func aDeadLetterIsItsMessageAndTheAnswerThatEndedIt() async throws {
        let service = TestService(script: TestService.failing(times: 9))
        let id = try await service.publish(
            headers: ["Content-Type": "text/plain", "Upstash-Retries": "0", "Upstash-Label": "blue"],
            body: "hi"
        )
        try await service.deliver()
        let key = try #require(MessageID(id)).key.rawValue
        let dlqID = "\(TestService.begin + 250)-\(key)"
        let expected: AnswerValue = [
            "dlqId": .string(dlqID), "messageId": .string(id), "url": "https://a.test/x", "method": "POST",
            "header": ["Content-Type": ["text/plain"]], "body": "hi", "maxRetries": 0,
            "notBefore": .number(TestService.begin), "createdAt": .number(TestService.begin),
            "callerIP": .string(TestService.peer), "label": "blue", "labels": ["blue"],
            "responseStatus": 500, "responseHeader": ["X-Why": ["because"]], "responseBody": "no",
        ]
        #expect(try await service.send(.get, "/v2/dlq").json == ["messages": [expected]])
        #expect(try await service.send(.get, "/v2/dlq/\(dlqID)").json == expected)
        #expect(try await service.send(.get, "/v2/dlq/\(dlqID)/").json == expected)
    }

    @Test func withoutAnAnswerThereIsAnError() async throws {
        let failure = AttemptFailure(code: .connectionRefused, detail: "connection refused")
        let service = TestService { _ in .init(outcome: .failed(failure)) }
        _ = try await service.publish(headers: ["Upstash-Retries": "0"])
        try await service.deliver()
        let letter = try #require(try await letters(service).first)
        #expect(letter["responseStatus"] == 0)
        #expect(letter["responseHeader"] == [:])
        #expect(letter["error"] == "connection refused")
        #expect(letter["responseBody"] == nil)
    }

    @Test func anAnswerThatIsNoTextIsBase64() async throws {
        let service = TestService { _ in .status(500, body: [0xff, 0x00]) }
        _ = try await service.publish(headers: ["Upstash-Retries": "0"])
        try await service.deliver()
        let letter = try #require(try await letters(service).first)
        #expect(letter["responseBody"] == nil)
        #expect(letter["responseBodyBase64"] == "/wA=")
    }

    @Test func theFailureCallbackNamesTheEntry() async throws {
        let service = TestService { $0.url.host == "b.test" ? .status(200) : .status(500) }
        _ = try await service.publish(
            headers: ["Upstash-Retries": "0", "Upstash-Failure-Callback": "https://b.test/failed"]
        )
        try await service.deliver()
        let id = try #require(try await letters(service).first?["dlqId"])
        let arrival = try #require(service.destination.arrivals.last)
        #expect(try AnswerValue(parsing: arrival.request.body)["dlqId"] == id)
    }

    @Test(arguments: [1, 2, 3, 8, 9, 100], ["", "order=earliestFirst", "order=latestFirst"])
    func pagesPutTogetherAreTheWholeQueueInOrder(count: Int, order: String) async throws {
        let (service, ids) = try await serviceWithDeadLetters(10)
        let walked = try await service.walk("/v2/dlq", query: order, count: count, key: "messages")
        #expect(walked.compactMap { $0["dlqId"]?.text } == (order.contains("latest") ? ids.reversed() : ids))
        #expect(try await letters(service, "\(order)&api=&count=1000") == walked)
    }

    @Test func idsAndMessageNarrowTheList() async throws {
        let (service, ids) = try await serviceWithDeadLetters(4)
        let all = try await letters(service)
        let message = try #require(all[2]["messageId"]?.text)
        #expect(try await letters(service, "messageId=\(message)") == [all[2]])
        #expect(try await letters(service, "dlqIds=\(ids[3]),\(ids[0])&dlqIds=x,1-1") == [all[0], all[3]])
        #expect(try await letters(service, "dlqIds=x") == [])
        #expect(try await letters(service, "dlqIds=") == [])
        let foreign = MessageID(key: try #require(MessageID(message)).key, store: StoreID(rawValue: 1))
        #expect(try await letters(service, "messageId=\(foreign)") == [])
        #expect(try await letters(service, "messageId=x") == [])
        let walked = try await service.walk(
            "/v2/dlq",
            query: "dlqIds=\(ids[0]),\(ids[2]),\(ids[3])",
            count: 1,
            key: "messages"
        )
        #expect(walked == [all[0], all[2], all[3]])
    }

    @Test func aCursorThatIsNotOursOrOfAnotherCallIsRefused() async throws {
        let (service, ids) = try await serviceWithDeadLetters(3)
        let page = try await service.send(.get, "/v2/dlq?count=1").json
        let cursor = try #require(page["cursor"]?.text)
        let foreign = [
            "x", "1-2", "1-2-3", "\(ids[0])", "\(ids[0])-", "-1-2-3", "\(cursor)0", "%00",
            String(repeating: "1", count: 200),
        ]
        let queries =
            foreign.map { "cursor=\($0)" }
            + ["order=latestFirst", "dlqIds=\(ids[1])", "messageId=x"].map { "cursor=\(cursor)&\($0)" }
        for query in queries {
            let answer = await service.send(.get, "/v2/dlq?\(query)")
            #expect(answer.status == 400, "\(query)")
            #expect(answer.code == "cursor_invalid")
        }
        #expect(try await letters(service, "cursor=\(cursor)&count=2&api=x").count == 2)
    }

    @Test(arguments: [
        ("count=0", "count_invalid"), ("order=x", "order_invalid"), ("dlqId=1-2", "parameter_unknown"),
        ("url=https://a.test", "filter_not_supported_yet"), ("responseStatus=500", "filter_not_supported_yet"),
        ("dlqIds=%zz", "query_invalid"),
    ])
    func parametersAreKnownOrRefused(query: String, code: String) async {
        let answer = await TestService().send(.get, "/v2/dlq?\(query)")
        #expect(answer.status == 400)
        #expect(answer.code == code)
    }

    @Test(arguments: ["x", "1-1", "1-", "-1-1", "1-1-1", "1-99999999999999999999", "%31-1", "msg_x"])
    func anIDThatIsNotThereIs404(id: String) async throws {
        let (service, ids) = try await serviceWithDeadLetters(1)
        let calls: [(HTTPRequest.Method, String)] = [
            (.get, "/v2/dlq/\(id)"), (.delete, "/v2/dlq/\(id)"), (.post, "/v2/dlq/retry/\(id)"),
            (.post, "/v2/dlq/retry?dlqIds=\(ids[0]),\(id)"),
        ]
        for (method, target) in calls {
            let answer = await service.send(method, target)
            #expect(answer.status == 404)
            #expect(try answer.json == ["error": "dlq message not found", "code": "dead_letter_not_found"])
        }
        #expect(try await letters(service).count == 1)
    }

    @Test func anEntryIsDeletedOnce() async throws {
        let (service, ids) = try await serviceWithDeadLetters(2)
        let answer = await service.send(.delete, "/v2/dlq/\(ids[0])")
        #expect(answer.status == 200)
        #expect(answer.body == [])
        #expect(await service.send(.delete, "/v2/dlq/\(ids[0])").status == 404)
        #expect(await service.send(.get, "/v2/dlq/\(ids[0])").status == 404)
        #expect(try await letters(service).compactMap { $0["dlqId"]?.text } == [ids[1]])
    }

    @Test func manyAreDeletedByQueryOrBody() async throws {
        let (service, ids) = try await serviceWithDeadLetters(5)
        let byQuery = await service.send(.delete, "/v2/dlq?dlqIds=\(ids[0]),\(ids[1])&dlqIds=\(ids[0])&dlqIds=x")
        #expect(byQuery.status == 200)
        #expect(try byQuery.json == ["deleted": 2])
        let body = #"{"dlqIds":["\#(ids[1])","\#(ids[2])","1-1"]}"#
        #expect(try await service.send(.delete, "/v2/dlq", body: body).json == ["deleted": 1])
        #expect(try await letters(service).compactMap { $0["dlqId"]?.text } == [ids[3], ids[4]])
    }
}
