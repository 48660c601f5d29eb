import Foundation
import HTTPTypes
import PostriderTestKit
import QStash
import Testing
import Tour

/// Errors say what a caller can do.
@Suite struct ErrorTests {
    @Test func everyFailureHasACode() async throws {
        let daily = try ScriptedServer.Answer(
            status: 429,
            headers: [
                #require(HTTPField.Name("RateLimit-Limit")): "1000",
                #require(HTTPField.Name("RateLimit-Remaining")): "0",
                #require(HTTPField.Name("RateLimit-Reset")): "1760000000",
            ],
            body: #"{"error":"Exceeded daily rate limit"}"#
        )
        let server = ScriptedServer(
            .json(#"{"error":"unable to authenticate: invalid token"}"#, status: 401),
            daily,
            .lost,
            .json(#"{"messageId":"msg_1"}"#),
            .json(#"{"error":"boom"}"#, status: 500)
        )
        let client = try server.client()
        #expect(try await ErrorTour.advice(client) == .fix("the token"))
        #expect(try await ErrorTour.advice(client) == .wait(until: Date(timeIntervalSince1970: 1_760_000_000)))
        #expect(try await ErrorTour.advice(client) == .unknown)
        #expect(try await ErrorTour.advice(client) == .none)
        let error = await #expect(throws: QStashError.self) { try await ErrorTour.advice(client) }
        #expect(error?.code == .serverFailure)
        #expect(error?.serverMessage == "boom")
    }

    @Test func aWrongOptionIsNamedBeforeAnythingIsSent() async throws {
        let server = ScriptedServer()
        #expect(await ErrorTour.option(try server.client()) == "delay")
        #expect(server.calls.isEmpty)
    }

    @Test func onlyAPublishThatTheServerRecognisesIsRepeated() async throws {
        let clock = InstantClock()
        let configuration = QStashClient.Configuration(clock: clock)
        let server = ScriptedServer(.lost, .json(#"{"messageId":"msg_1","deduplicated":true}"#, status: 202), .lost)
        let client = try server.client(configuration: configuration)
        let receipt = try await ErrorTour.repeatable(client)
        #expect(receipt.isDeduplicated)
        #expect(server.calls.count == 2)
        #expect(clock.slept == [.milliseconds(50)])

        #expect(try await ErrorTour.advice(client) == .unknown)
        #expect(server.calls.count == 3)
    }

    @Test func repetitionIsAMatterOfConfiguration() throws {
        let environment = ["QSTASH_TOKEN": "secret"]
        let policies = try ErrorTour.policies(environment: environment).map(\.configuration.retry)
        #expect(policies.map(\.retriesMax) == [2, 0])
        #expect(policies.first?.firstDelay == .milliseconds(200))
    }
}
