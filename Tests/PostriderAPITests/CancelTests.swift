import HTTPTypes
import PostriderCore
import PostriderSimulation
import Testing

@testable import PostriderAPI

@Suite struct CancelTests {
    private func states(of id: String, in service: TestService) async throws -> [String] {
        let answer = await service.send(.get, "/v2/events?messageId=\(id)&order=earliestFirst")
        return try #require(try answer.json["events"]?.elements).compactMap { $0["state"]?.text }
    }

    @Test func aWaitingMessageIsRemovedOnce() async throws {
        let service = TestService()
        let id = try await service.publish(headers: ["Upstash-Delay": "1h"])
        let answer = await service.send(.delete, "/v2/messages/\(id)")
        #expect(answer.status == 202)
        #expect(try answer.json == ["cancelled": 1])
        let again = await service.send(.delete, "/v2/messages/\(id)")
        #expect(again.status == 404)
        #expect(again.code == "message_not_found")
        try await service.deliver(forMilliseconds: 7_200_000)
        #expect(service.destination.arrivals.isEmpty)
        #expect(try await states(of: id, in: service) == ["CREATED", "CANCEL_REQUESTED", "CANCELED"])
    }

    @Test func aFinishedMessageCannotBeCancelled() async throws {
        let service = TestService()
        let id = try await service.publish()
        try await service.deliver()
        #expect(await service.send(.delete, "/v2/messages/\(id)").status == 404)
        #expect(try await states(of: id, in: service) == ["CREATED", "ACTIVE", "DELIVERED"])
    }

    private static let underWay: [(Int, [String])] = [
        (200, ["CREATED", "CANCEL_REQUESTED", "ACTIVE", "DELIVERED"]),
        (500, ["CREATED", "CANCEL_REQUESTED", "ACTIVE", "ERROR", "CANCELED"]),
    ]

    @Test(arguments: underWay)
    func whatIsUnderWayEndsByItsAnswer(status: Int, ends: [String]) async throws {
        let service = TestService { _ in .status(status, afterMilliseconds: 5_000) }
        let id = try await service.publish(headers: ["Upstash-Failure-Callback": "https://b.test"])
        try await service.deliver(forMilliseconds: 1_000)
        #expect(service.destination.arrivals.count == 1)
        let answer = await service.send(.delete, "/v2/messages/\(id)")
        #expect(answer.status == 202)
        #expect(try answer.json == ["cancelled": 1])
        try await service.deliver()
        #expect(service.destination.arrivals.count == 1)
        #expect(try await states(of: id, in: service) == ends)
        #expect(try await service.send(.get, "/v2/dlq").json == ["messages": []])
    }

    private enum Form: CaseIterable {
        case repeated, commas, body

        func request(_ ids: [String]) -> (target: String, body: String) {
            switch self {
            case .repeated: ("/v2/messages?" + ids.map { "messageIds=\($0)" }.joined(separator: "&"), "")
            case .commas: ("/v2/messages?messageIds=" + ids.joined(separator: ","), "")
            case .body:
                ("/v2/messages", #"{"messageIds":[\#(ids.map { "\"\($0)\"" }.joined(separator: ","))]}"#)
            }
        }
    }

    @Test(arguments: Form.allCases)
    private func manyAreCancelledByTheirIDsAndOthersStay(form: Form) async throws {
        let service = TestService()
        let finished = try await service.publish()
        try await service.deliver()
        var waiting: [String] = []
        for _ in 0..<4 { waiting.append(try await service.publish(headers: ["Upstash-Delay": "1h"])) }
        let named = [waiting[0], waiting[2], waiting[0], finished, "msg_unknown"]
        let request = form.request(named)
        let answer = await service.send(.delete, request.target, body: request.body)
        #expect(answer.status == 202)
        #expect(try answer.json == ["cancelled": 2])
        #expect(try await states(of: waiting[2], in: service).last == "CANCELED")
        #expect(try await states(of: waiting[1], in: service) == ["CREATED"])
        #expect(try await service.store.pendingCount() == 2)
    }

    @Test func theQueryWinsOverTheBodyAndIDsOverFilters() async throws {
        let service = TestService()
        let first = try await service.publish(headers: ["Upstash-Delay": "1h"])
        let second = try await service.publish(headers: ["Upstash-Delay": "1h"])
        let target = "/v2/messages?messageIds=\(first)&url=https://a.test&whatever=1"
        let answer = await service.send(.delete, target, body: #"{"messageIds":["\#(second)"],"label":"x"}"#)
        #expect(try answer.json == ["cancelled": 1])
        #expect(try await states(of: second, in: service) == ["CREATED"])
    }

    @Test func withoutIDsAllOfTheAccountAreCancelled() async throws {
        let service = TestService { _ in .status(200, afterMilliseconds: 5_000) }
        _ = try await service.publish()
        try await service.deliver(forMilliseconds: 1_000)
        // More than one step of the store.
        for _ in 0..<600 { _ = try await service.publish(headers: ["Upstash-Delay": "1h"]) }
        _ = try await service.publish(headers: ["Upstash-Delay": "1h"], token: TestService.otherToken)
        let answer = await service.send(.delete, "/v2/messages")
        #expect(answer.status == 202)
        #expect(try answer.json == ["cancelled": 601])
        try await service.deliver(forMilliseconds: 7_200_000)
        #expect(service.destination.arrivals.count == 2)
        #expect(try await service.send(.delete, "/v2/messages").json == ["cancelled": 0])
    }

    private static let refused: [(String, String, String)] = [
        ("", #"{"messageIds":null}"#, "id_missing"),
        ("", #"{"messageIds":[]}"#, "id_missing"),
        ("", #"{"messageIds":[""]}"#, "id_missing"),
        ("", #"{"messageIds":["msg_x",""]}"#, "id_missing"),
        ("", #"{"messageIds":null,"dlqIds":["1-2"]}"#, "id_missing"),
        ("?messageIds=", "", "id_missing"),
        ("?messageIds", "", "id_missing"),
        ("?messageIds=,", "", "id_missing"),
        ("", #"{"messageIds":"msg_x"}"#, "body_invalid"),
        ("", #"{"messageIds":[1]}"#, "body_invalid"),
        ("", #"{"messageIds":[null]}"#, "body_invalid"),
        ("", #"["msg_x"]"#, "body_invalid"),
        ("", "null", "body_invalid"),
        ("", "{", "body_invalid"),
        ("", "messageIds=msg_x", "body_invalid"),
        ("", #"{"messageids":["msg_x"]}"#, "parameter_unknown"),
        ("", #"{"dlqIds":["1-2"]}"#, "parameter_unknown"),
        ("", #"{"label":"x"}"#, "filter_not_supported_yet"),
        ("?messageids=msg_x", "", "parameter_unknown"),
        ("?messageId=msg_x", "", "parameter_unknown"),
        ("?state=CREATED", "", "parameter_unknown"),
        ("?url=https://a.test", "", "filter_not_supported_yet"),
        ("?label=", "", "filter_not_supported_yet"),
        ("?messageIds=%zz", "", "query_invalid"),
    ]

    @Test(arguments: refused)
    func aCallThatMayMeanSomethingElseCancelsNothing(query: String, body: String, code: String) async throws {
        let service = TestService()
        _ = try await service.publish(headers: ["Upstash-Delay": "1h"])
        let answer = await service.send(.delete, "/v2/messages\(query)", body: body)
        #expect(answer.status == 400)
        #expect(answer.code == code)
        #expect(try await service.store.pendingCount() == 1)
    }

    @Test func idsAreBounded() async throws {
        let service = TestService()
        let ids = Array(repeating: "msg_x", count: 501).joined(separator: ",")
        let answer = await service.send(.delete, "/v2/messages?messageIds=\(ids)")
        #expect(answer.status == 400)
        #expect(answer.code == "too_many_ids")
        let body = #"{"messageIds":[\#(Array(repeating: "\"x\"", count: 501).joined(separator: ","))]}"#
        #expect(await service.send(.delete, "/v2/messages", body: body).code == "too_many_ids")
        let large = await service.send(.delete, "/v2/messages", body: String(repeating: " ", count: 1_048_577))
        #expect(large.status == 413)
    }
}
