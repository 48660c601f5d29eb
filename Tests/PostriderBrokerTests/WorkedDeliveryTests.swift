import Foundation
import PostriderCore
import PostriderSimulation
import QStashWire
import Testing

@testable import PostriderBroker

/// The worked delivery of docs/WIRE.md, from the publish to the failure callback.
@Suite struct WorkedDeliveryTests {
    private struct Seen: Sendable {
        var start: Timestamp
        var key: MessageKey
        var states: [Event.State]
        var deadLetters: [DeadLetter]
        var keys: SigningKeyRecord.Pair
    }

    private static let url = "https://api.example.com/hook?tenant=7"

    private let bench = BrokerBench { request in
        guard request.url.text == url else { return .status(200) }
        return switch request.headers.first(where: { $0.isNamed("Upstash-Retried") })?.value {
        case "0": .status(500, body: Array("no".utf8))
        case "1": .status(429, headers: [HeaderField(name: "Retry-After", value: "7")])
        default:
            .status(500, headers: [HeaderField(name: "content-type", value: "text/plain")], body: Array("oops".utf8))
        }
    }

    private func deliver() async throws -> Seen {
        try await bench.run { bench in
            let start = bench.clock.now
            let options = try PublishOptions.parse(headers: [
                HeaderField(name: "Content-Type", value: "application/json"),
                HeaderField(name: "Upstash-Method", value: "POST"), HeaderField(name: "Upstash-Retries", value: "2"),
                HeaderField(name: "Upstash-Retry-Delay", value: "1000 * (1 + retried)"),
                HeaderField(name: "Upstash-Timeout", value: "30s"),
                HeaderField(name: "Upstash-Forward-X-Trace", value: "abc"),
                HeaderField(name: "Upstash-Failure-Callback", value: "https://api.example.com/failed"),
                HeaderField(name: "Upstash-Failure-Callback-Forward-X-Team", value: "ops"),
                HeaderField(name: "Upstash-Label", value: "billing,eu"),
            ])
            let key = try await bench.publish(Self.url, body: #"{"n":1}"#) { $0 = options }
            try await bench.wait(milliseconds: 60_000)
            return Seen(
                start: start,
                key: key,
                states: try await bench.states(of: key),
                deadLetters: try await bench.deadLetters(),
                keys: try await bench.broker.keyring.pair(of: .standard)
            )
        }
    }

    @Test func attemptsComeWhenTheyShould() async throws {
        let seen = try await deliver()
        let after = bench.arrivals.map { $0.at.milliseconds - seen.start.milliseconds }
        #expect(after == [0, 1_000, 8_000, 8_000])
        #expect(bench.arrivals.map { $0.header("Upstash-Retried") } == ["0", "1", "2", "0"])
        #expect(
            bench.arrivals.map(\.request.url.text) == [Self.url, Self.url, Self.url, "https://api.example.com/failed"]
        )
    }

    @Test func theDestinationReceivesWhatTheContractSays() async throws {
        let seen = try await deliver()
        let first = try #require(bench.arrivals.first)
        let id = MessageID(key: seen.key, store: bench.store.storeID).description
        #expect(first.request.method == "POST")
        #expect(first.request.body == Array(#"{"n":1}"#.utf8))
        #expect(first.request.timeoutMilliseconds == 30_000)
        let plain = first.request.headers.filter { !$0.isNamed("Upstash-Signature") }.map { "\($0.name): \($0.value)" }
        #expect(
            plain == [
                "User-Agent: Upstash-QStash", "Content-Type: application/json", "X-Trace: abc",
                "Upstash-Message-Id: \(id)",
                "Upstash-Retried: 0", "Postrider-Max-Retries: 2", "Upstash-Caller-Ip: 203.0.113.9",
                "Upstash-Region: EU-CENTRAL-1",
            ]
        )
    }

    @Test func everyRequestIsSignedForItself() async throws {
        let seen = try await deliver()
        let current = try #require(SigningKey(seen.keys.current))
        var tokens: Set<String> = []
        for arrival in bench.arrivals {
            let token = try #require(arrival.header("Upstash-Signature"))
            tokens.insert(token)
            #expect(throws: Never.self) {
                try MessageSignature.verify(
                    token: token,
                    body: arrival.request.body,
                    url: arrival.request.url.text,
                    nowSeconds: arrival.at.seconds,
                    keys: [current]
                )
            }
        }
        #expect(tokens.count == bench.arrivals.count)
    }

    @Test func logDeadLetterAndFailureCallbackAgree() async throws {
        let seen = try await deliver()
        #expect(
            seen.states == [
                .created, .active, .error, .retry, .active, .error, .retry, .active, .error, .failed,
            ]
        )
        let letter = try #require(seen.deadLetters.first)
        let end = seen.start.adding(milliseconds: 8_000)
        #expect(seen.deadLetters.count == 1)
        #expect(letter.id == DeadLetterID(failedAt: end, message: seen.key))
        #expect(letter.attempt.status == 500)
        let call = try #require(bench.arrivals.last)
        #expect(call.header("X-Team") == "ops")
        #expect(call.header("Content-Type") == "application/json")
        #expect(call.header("X-Trace") == nil)
        #expect(call.header("Upstash-Message-Id") != bench.arrivals[0].header("Upstash-Message-Id"))
        let body = try #require(JSONSerialization.jsonObject(with: Data(call.request.body)) as? [String: Any])
        #expect(body["retried"] as? Int == 2)
        #expect(body["maxRetries"] as? Int == 2)
        #expect(body["status"] as? Int == 500)
        #expect(body["dlqId"] as? String == letter.id.description)
        #expect(body["sourceMessageId"] as? String == bench.arrivals[0].header("Upstash-Message-Id"))
        #expect(body["body"] as? String == Data("oops".utf8).base64EncodedString())
        #expect(body["sourceBody"] as? String == Data(#"{"n":1}"#.utf8).base64EncodedString())
    }
}
