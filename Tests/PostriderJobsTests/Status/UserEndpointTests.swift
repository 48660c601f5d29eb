import Foundation
import HTTPTypes
import PostriderJobs
import Synchronization
import Testing

@Suite struct UserEndpointTests {
    private struct Countdown: JobParameters {
        static let jobName = "countdown"
        var from: Int
        var name: String

        func validate(_ check: inout Validation) {
            check.that((1...10).contains(from), "from", "must be from 1 to 10")
        }
    }

    private func fixture(
        _ handler: @escaping @Sendable (UserRequest) async throws -> UserAnswer
    ) throws -> StatusFixture {
        try StatusFixture { routes in
            routes.user(.post, "/api/demo/{kind}", bodyBytesMax: 100, handler: handler)
        }
    }

    private func send(
        _ fixture: StatusFixture,
        _ body: String,
        as user: String? = StatusFixture.owner
    ) async throws -> JobResponse {
        try await fixture.send(.post, "/api/demo/count%20down", as: user, body: Array(body.utf8))
    }

    @Test func theHandlerKnowsWhoAsksAndWhat() async throws {
        let fixture = try fixture { request in
            let countdown = try request.decode(Countdown.self)
            return .json(
                status: 202,
                [
                    "from": .integer(Int64(countdown.from)), "user": .string(request.identity.userID),
                    "kind": .string(request.parameters["kind"] ?? ""),
                ],
                headers: [.location: "/api/jobs/1"]
            )
        }
        let response = try await send(fixture, #"{"from":3,"name":"a"}"#)
        #expect(response.head.status == .accepted)
        #expect(response.fields == ["from": 3, "user": .string(StatusFixture.owner), "kind": "count down"])
        #expect(response.head.headerFields[.location] == "/api/jobs/1")
        #expect(response.head.headerFields[.contentType] == "application/json")
    }

    @Test func withoutAnIdentityTheBodyIsNotRead() async throws {
        let fixture = try fixture { _ in .status(204) }
        let isRead = Collected<Bool>()
        let body = RequestBody { _ in
            isRead.add(true)
            return []
        }
        let head = HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/api/demo/a")
        let response = try #require(await fixture.server.respond(to: JobRequest(head: head, body: body)))
        #expect(response.head.status == .unauthorized)
        #expect(isRead.values.isEmpty)
    }

    @Test func anIdentityThatCannotBeLookedUpIsUnavailable() async throws {
        let fixture = try fixture { _ in .status(204) }
        #expect(try await send(fixture, "{}", as: "unknown").head.status == .serviceUnavailable)
    }

    @Test func aBodyThatIsTooLongIsRefused() async throws {
        let fixture = try fixture { _ in .status(204) }
        #expect(try await send(fixture, String(repeating: " ", count: 100)).head.status == .noContent)
        let counted = try await send(fixture, String(repeating: " ", count: 101))
        #expect(counted.head.status.code == 413)
        #expect(counted.fields?["error"] == "payload_too_large")
        let announced = try await fixture.send(.post, "/api/demo/a", headers: [(.contentLength, "101")])
        #expect(announced.head.status.code == 413)
    }

    @Test func everythingThatIsWrongIsTold() async throws {
        let fixture = try fixture { request in
            _ = try request.decode(Countdown.self)
            return .status(204)
        }
        let types = try await send(fixture, #"{"from":"three","name":5}"#)
        #expect(types.head.status == .badRequest)
        #expect(types.fields?["error"] == "invalid_request")
        #expect(types.fields?["issues"]?.array?.count == 2)
        let range = try await send(fixture, #"{"from":11,"name":"a"}"#)
        #expect(range.fields?["issues"]?.array?.first?["path"] == ["from"])
        let text = try await send(fixture, "from=3")
        #expect(text.head.status == .badRequest)
        #expect(text.fields?["error"] == "invalid_request")
    }

    @Test func whatTheHandlerThrowsIsTheAnswer() async throws {
        let error = UserError(409, "running", "it runs already", extras: ["requestId": "r"], retryAfter: 7)
        let fixture = try fixture { _ in throw error }
        let response = try await send(fixture, "{}")
        #expect(response.head.status == .conflict)
        #expect(response.fields == ["error": "running", "reason": "it runs already", "requestId": "r"])
        #expect(response.head.headerFields[.retryAfter] == "7")
    }

    @Test func anyOtherErrorTellsNothingOfItself() async throws {
        struct Secret: Error { var password = "hunter2" }
        let fixture = try fixture { _ in throw Secret() }
        let response = try await send(fixture, "{}")
        #expect(response.head.status == .internalServerError)
        #expect(response.fields == ["error": "internal", "reason": "the request failed"])
    }

    @Test func aStoreThatIsDownIsUnavailable() async throws {
        let fixture = try fixture { _ in throw JobsError(.storeUnavailable, "the database is down") }
        #expect(try await send(fixture, "{}").head.status == .serviceUnavailable)
    }

    @Test func anErrorWithAStatusThatSaysNoErrorIsTheServersFault() {
        #expect(UserError(200, "a", "b").status == 500)
        #expect(UserError(404, "a", "b").status == 404)
    }
}
