import HTTPTypes
import PostriderCore
import PostriderSimulation
import Synchronization
import Testing

@testable import PostriderAPI

@Suite struct DeadLetterRetryTests {
    /// A service with messages that failed, whose destinations are well again, and the entries' ids.
    private func recoveredService(
        _ count: Int,
        headers: KeyValuePairs<String, String> = ["Upstash-Retries": "0"]
    ) async throws -> (service: TestService, ids: [String]) {
        let isWell = Mutex(false)
        let service = TestService { _ in .status(isWell.withLock { $0 } ? 200 : 500) }
        for number in 0..<count {
            _ = try await service.publish("https://a.test/\(number)", headers: headers, body: "body \(number)")
        }
        try await service.deliver()
        isWell.withLock { $0 = true }
        service.clock.advance(to: Timestamp(milliseconds: TestService.begin + 1_000))
        return (service, try await ids(service))
    }

    private func ids(_ service: TestService) async throws -> [String] {
        let list = try await service.send(.get, "/v2/dlq").json["messages"]?.elements
        return try #require(list).compactMap { $0["dlqId"]?.text }
    }

    @Test func aRetryIsANewMessageWithTheSameContentAndAFreshBudget() async throws {
        let (service, ids) = try await recoveredService(
            1,
            headers: [
                "Upstash-Retries": "1", "Upstash-Retry-Delay": "10", "Content-Type": "text/plain",
                "Upstash-Forward-Tag": "t", "Upstash-Label": "blue",
            ]
        )
        let letter = try await service.send(.get, "/v2/dlq/\(ids[0])").json
        let old = try #require(letter["messageId"]?.text)
        let answer = await service.send(.post, "/v2/dlq/retry/\(ids[0])", headers: ["Content-Type": "text/html"])
        #expect(answer.status == 201)
        let new = try #require(try answer.json["messageId"]?.text)
        #expect(new != old)
        #expect(try answer.json == ["messageId": .string(new)])
        #expect(try await self.ids(service) == [])
        #expect(await service.send(.post, "/v2/dlq/retry/\(ids[0])").status == 404)
        guard case .object(var expected) = try await service.send(.get, "/v2/messages/\(old)").json else {
            Issue.record("the dead message is gone")
            return
        }
        expected["messageId"] = .string(new)
        expected["createdAt"] = .number(TestService.begin + 1_000)
        expected["notBefore"] = .number(TestService.begin + 1_000)
        #expect(try await service.send(.get, "/v2/messages/\(new)").json == .object(expected))
        try await service.deliver()
        let arrival = try #require(service.destination.arrivals.last)
        #expect(arrival.header("Upstash-Message-Id") == new)
        #expect(arrival.header("Upstash-Retried") == "0")
        #expect(arrival.header("Postrider-Max-Retries") == "1")
        #expect(arrival.header("Content-Type") == "text/plain")
        #expect(arrival.request.body == Array("body 0".utf8))
    }

    @Test func headersOfTheCallReplaceSingleSettings() async throws {
        let (service, ids) = try await recoveredService(
            1,
            headers: ["Upstash-Retries": "0", "Content-Type": "text/plain", "Upstash-Label": "blue"]
        )
        let answer = await service.send(
            .post,
            "/v2/dlq/retry/\(ids[0])",
            headers: [
                "Upstash-Retries": "7", "Upstash-Forward-Content-Type": "text/html", "Upstash-Delay": "10s",
                "Upstash-Method": "PUT",
            ]
        )
        let new = try #require(try answer.json["messageId"]?.text)
        let message = try await service.send(.get, "/v2/messages/\(new)").json
        #expect(message["maxRetries"] == 7)
        #expect(message["method"] == "PUT")
        #expect(message["header"] == ["Content-Type": ["text/html"]])
        #expect(message["notBefore"] == .number(TestService.begin + 11_000))
        #expect(message["label"] == "blue")
        #expect(message["body"] == "body 0")
    }

    @Test(arguments: [
        ("Upstash-Retries", "x", 400, "retries_invalid"), ("Upstash-Retries", "101", 412, "retries_too_many"),
        ("Upstash-Delay", "10000d", 412, "delay_too_long"), ("Upstash-Forward-Host", "b.test", 400, "header_forbidden"),
    ])
    func aBadOverrideLeavesTheEntryWhereItIs(name: String, value: String, status: Int, code: String) async throws {
        let (service, ids) = try await recoveredService(1)
        for target in ["/v2/dlq/retry/\(ids[0])", "/v2/dlq/retry?dlqIds=\(ids[0])"] {
            let headers = KeyValuePairs(dictionaryLiteral: (name, value))
            let answer = await service.send(.post, target, headers: headers)
            #expect(answer.status == status)
            #expect(answer.code == code)
        }
        #expect(try await self.ids(service) == ids)
        #expect(try await service.store.pendingCount() == 0)
    }

    @Test(arguments: [true, false])
    func manyAreRetriedInTheOrderOfTheirIDs(isInBody: Bool) async throws {
        let (service, ids) = try await recoveredService(10)
        let wanted = Array(ids[1...].reversed())
        let list = (wanted + [wanted[0]])
        let answer =
            isInBody
            ? await service.send(
                .post,
                "/v2/dlq/retry",
                body: #"{"dlqIds":[\#(list.map { "\"\($0)\"" }.joined(separator: ","))]}"#
            ) : await service.send(.post, "/v2/dlq/retry?dlqIds=\(list.joined(separator: ","))")
        #expect(answer.status == 201)
        let responses = try #require(try answer.json["responses"]?.elements)
        var bodies: [AnswerValue?] = []
        for response in responses {
            let id = try #require(response["messageId"]?.text)
            #expect(response == ["messageId": .string(id)])
            bodies.append(try await service.send(.get, "/v2/messages/\(id)").json["body"])
        }
        #expect(bodies == (1..<10).reversed().map { .string("body \($0)") })
        #expect(try await self.ids(service) == [ids[0]])
    }

    @Test func oneThatIsMissingLeavesAllWhereTheyAre() async throws {
        let (service, ids) = try await recoveredService(10)
        #expect(await service.send(.delete, "/v2/dlq/\(ids[9])").status == 200)
        let answer = await service.send(.post, "/v2/dlq/retry?dlqIds=\(ids.joined(separator: ","))")
        #expect(answer.status == 404)
        #expect(answer.code == "dead_letter_not_found")
        #expect(try await self.ids(service) == Array(ids.dropLast()))
        #expect(try await service.store.pendingCount() == 0)
    }

    private static let refused: [(String, String, String)] = [
        ("", "", "not_supported_yet"),
        ("", "{}", "not_supported_yet"),
        ("?dlqIds=", "", "id_missing"),
        ("", #"{"dlqIds":null}"#, "id_missing"),
        ("", #"{"dlqIds":[]}"#, "id_missing"),
        ("", #"{"dlqIds":[""]}"#, "id_missing"),
        ("", #"{"dlqIds":[1]}"#, "body_invalid"),
        ("", "[]", "body_invalid"),
        ("?dlqids=1-2", "", "parameter_unknown"),
        ("", #"{"messageIds":["msg_x"]}"#, "parameter_unknown"),
        ("?url=https://a.test", "", "filter_not_supported_yet"),
        ("", #"{"responseStatus":500}"#, "filter_not_supported_yet"),
        ("?count=5", "", "filter_not_supported_yet"),
    ]

    @Test(arguments: refused)
    func aCallThatDoesNotNameItsEntriesTouchesNone(query: String, body: String, code: String) async throws {
        let (service, ids) = try await recoveredService(1)
        for (method, path) in [(HTTPRequest.Method.delete, "/v2/dlq"), (.post, "/v2/dlq/retry")] {
            let answer = await service.send(method, "\(path)\(query)", body: body)
            #expect(answer.status == 400)
            #expect(answer.code == code)
        }
        #expect(try await self.ids(service) == ids)
    }

    @Test func aStoreThatFailsRetriesNothing() async throws {
        let (service, ids) = try await recoveredService(1)
        service.store.fail(.beforeWrite(.redrive, call: 1))
        #expect(await service.send(.post, "/v2/dlq/retry/\(ids[0])").status == 503)
        #expect(try await self.ids(service) == ids)
    }
}
