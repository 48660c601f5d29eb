import Foundation
import HTTPTypes
import QStash
import Testing

/// Messages in every spelling there is, and in none.
@Suite struct MessageDecodingTests {
    private static let least =
        #""messageId":"m","url":"u","method":"POST","maxRetries":3,"notBefore":2000,"createdAt":1000"#

    @Test(arguments: [
        #"{"callerIP":"1.2.3.4"}"#, #"{"callerIp":"1.2.3.4"}"#, #"{"callerIP":"","callerIp":"1.2.3.4"}"#,
        #"{"callerIP":null,"callerIp":"1.2.3.4"}"#,
    ])
    func callerHasTwoSpellings(_ more: String) throws {
        #expect(try message(more).callerIP == "1.2.3.4")
    }

    @Test(arguments: [
        (#"{"label":"a"}"#, ["a"]), (#"{"labels":["a","b"]}"#, ["a", "b"]),
        (#"{"label":"a","labels":["a","b"]}"#, ["a", "b"]), (#"{"label":"c","labels":["a","b"]}"#, ["c", "a", "b"]),
        (#"{"label":"","labels":[]}"#, []), (#"{"label":null,"labels":null}"#, []),
    ])
    func labelAndLabelsAreOneList(more: String, labels: [String]) throws {
        #expect(try message(more).labels == labels)
    }

    @Test(arguments: [
        (#"{"body":"ü"}"#, Array("ü".utf8)), (#"{"bodyBase64":"/wABgA=="}"#, [0xFF, 0, 1, 0x80]),
        (#"{"bodyBase64":"/wABgA"}"#, [0xFF, 0, 1, 0x80]), (#"{"body":"","bodyBase64":"AQ=="}"#, [1]),
        (#"{"body":null}"#, []), (#"{"body":"REDACTED:ab12"}"#, Array("REDACTED:ab12".utf8)),
    ])
    func bodyIsTextOrBase64(more: String, body: [UInt8]) throws {
        #expect(try message(more).body == body)
    }

    @Test func headersKeepRepeatedValuesAndLoseImpossibleNames() throws {
        let message = try message(#"{"header":{"X-B":["1","2"],"a b":["x"],"X-A":"3","X-C":[]}}"#)
        #expect(message.headers.map { "\($0.name.rawName): \($0.value)" } == ["X-A: 3", "X-B: 1", "X-B: 2"])
    }

    @Test(arguments: [
        (#"{"flowControlKey":"k"}"#, FlowControl(key: "k")),
        (
            #"{"flowControlKey":"k","parallelism":0,"rate":2,"period":3}"#,
            FlowControl(key: "k", rate: 2, period: .seconds(3))
        ),
        (#"{"parallelism":5}"#, nil),
    ])
    func flowControlHasWhatIsSet(more: String, control: FlowControl?) throws {
        #expect(try message(more).flowControl == control)
    }

    @Test func timesAndNumbersMayBeText() throws {
        let message = try message(#"{"createdAt":"1760000000000","maxRetries":"7"}"#)
        #expect(message.createdAt == Sample.to && message.retriesMax == 7)
    }

    @Test func unknownFieldsArePassedOver() throws {
        #expect(try message(#"{"workflowRunId":{"a":[1]},"api":null}"#).id == "m")
    }

    @Test(arguments: ["messageId", "url", "method", "maxRetries", "notBefore", "createdAt"])
    func fieldThatMustBeThereIsNamed(_ name: String) async throws {
        for value in [nil, "null", "{}", "[]", "true"] {
            var json = try JSONValue(parsing: Array("{\(Self.least)}".utf8))
            guard case .object(var members) = json else { continue }
            members[name] = try value.map { try JSONValue(parsing: Array($0.utf8)) }
            json = .object(members)
            let error = try await refusedAnswer(json.description)
            #expect(error.detail.hasSuffix("at \(name)"), "\(error.detail)")
        }
    }

    @Test(arguments: [
        (#"{"messageId":""}"#, "messageId"), (#"{"method":"a b"}"#, "method"), (#"{"maxRetries":-1}"#, "maxRetries"),
        (#"{"maxRetries":1.5}"#, "maxRetries"), (#"{"maxRetries":"+1"}"#, "maxRetries"),
        (#"{"createdAt":1e30}"#, "createdAt"), (#"{"createdAt":-1}"#, "createdAt"),
        (#"{"createdAt":"99999999999999999999"}"#, "createdAt"), (#"{"bodyBase64":"?"}"#, "bodyBase64"),
        (#"{"body":7}"#, "body"), (#"{"header":[]}"#, "header"), (#"{"header":{"A":[7]}}"#, "header.A.[0]"),
        (#"{"header":{"A":{}}}"#, "header.A"), (#"{"labels":"a"}"#, "labels"), (#"{"labels":[7]}"#, "labels.[0]"),
        (#"{"flowControlKey":"k","rate":-1}"#, "rate"), (#"{"flowControlKey":"k","period":"1s"}"#, "period"),
        (#"{"queueName":7}"#, "queueName"), (#"{"callerIP":{}}"#, "callerIP"),
    ])
    func wrongFieldIsNamed(more: String, place: String) async throws {
        let error = try await refusedAnswer(try merged(more))
        #expect(error.detail.hasSuffix("at \(place)"), "\(error.detail)")
    }

    @Test func moreHeaderValuesThanAnySenderHasAreRefused() async throws {
        let values = Array(repeating: "\"x\"", count: 70_000).joined(separator: ",")
        let error = try await refusedAnswer(try merged(#"{"header":{"A":[\#(values)]}}"#))
        #expect(error.detail.hasSuffix("at header"))
    }

    @Test func errorNeverRepeatsWhatTheServerSent() async throws {
        let error = try await refusedAnswer(try merged(#"{"maxRetries":"secret","header":{"A":"secret"}}"#))
        #expect(!error.debugDescription.contains("secret") && error.underlying == nil && error.serverMessage == nil)
    }

    @Test func descriptionHasNeitherBodyNorURL() throws {
        let message = try message(#"{"body":"secret","url":"https://secret.example.com"}"#)
        #expect("\(message)" == "StoredMessage(m)")
    }

    /// The least of a message with those fields more, as JSON.
    private func merged(_ more: String) throws -> String {
        guard case .object(let least) = try JSONValue(parsing: Array("{\(Self.least)}".utf8)),
            case .object(let more) = try JSONValue(parsing: Array(more.utf8))
        else { throw QStashError(.answerInvalid, "no objects") }
        return JSONValue.object(least.merging(more) { $1 }).description
    }

    private func message(_ more: String) throws -> StoredMessage {
        try JSONDecoder().decode(StoredMessage.self, from: Data(try merged(more).utf8))
    }

    private func refusedAnswer(_ json: String) async throws -> QStashError {
        let client = try QStashClient.over(ScriptedTransport(.text(json)))
        let error = try await ExchangeCase.error { _ = try await client.messages.get("m") }
        #expect(error.code == .answerInvalid && error.status == 200)
        return error
    }
}
