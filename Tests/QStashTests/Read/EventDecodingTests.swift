import Foundation
import HTTPTypes
import QStash
import Testing

/// Entries of the log in every spelling there is, and in none.
@Suite struct EventDecodingTests {
    @Test func stateThatIsNotKnownKeepsItsName() throws {
        let event = try event(#""state":"HIBERNATING""#)
        #expect(event.state.rawValue == "HIBERNATING" && !event.state.isFinal)
        #expect("\(event)" == "Event(m, HIBERNATING)")
    }

    @Test func bothSpellingsOfCancelledAreOne() throws {
        #expect(try event(#""state":"CANCELLED""#).state == .cancelled)
        #expect(try event(#""state":"CANCELED""#).state == .cancelled)
        #expect(Set([Event.State(rawValue: "CANCELED"), Event.State(rawValue: "CANCELLED")]).count == 1)
    }

    @Test func endIsWhereNothingFollows() {
        let all: [Event.State] = [
            .created, .active, .retry, .error, .delivered, .failed, .cancelRequested, .cancelled, .inProgress,
        ]
        #expect(all.filter(\.isFinal) == [.delivered, .failed, .cancelled])
        #expect(Set(all).count == all.count)
    }

    @Test(arguments: ["responseHeaders", "responseHeader"])
    func responseHeadersHaveTwoNames(_ name: String) throws {
        let event = try event(#""state":"ERROR","\#(name)":{"X-A":["1"]}"#)
        #expect(event.responseHeaders == Sample.fields(["X-A": "1"]))
    }

    @Test(arguments: ["retryDelayExpr", "retryDelayExpression"])
    func formulaHasTwoNames(_ name: String) throws {
        #expect(try event(#""state":"RETRY","\#(name)":"1000""#).retryDelay == "1000")
    }

    @Test(arguments: ["callbackHeader", "callbackHeaders"])
    func headersOfCallbacksHaveTwoNames(_ name: String) throws {
        #expect(try event(#""state":"RETRY","\#(name)":{"X-A":["1"]}"#).callbackHeaders.count == 1)
    }

    @Test func bodiesAreBase64() throws {
        let event = try event(#""state":"ERROR","body":"/wABgA==","responseBody":"b29wcw""#)
        #expect(event.body == [0xFF, 0, 1, 0x80] && event.responseBody == Array("oops".utf8))
    }

    @Test func redactedBodyMayStandInClear() throws {
        #expect(try event(#""state":"ERROR","body":"REDACTED:ab12""#).body == Array("REDACTED:ab12".utf8))
    }

    @Test func statusOfNoAnswerIsNone() throws {
        #expect(try event(#""state":"ERROR","responseStatus":0"#).responseStatus == nil)
        #expect(try event(#""state":"ERROR","responseStatus":599"#).responseStatus == 599)
    }

    @Test(arguments: [
        (#"{"events":[{"messageId":"m","state":"ERROR","url":"u"}]}"#, "events.[0].time"),
        (#"{"events":[{"time":1,"messageId":"m","state":"ERROR","url":"u"},7]}"#, "events.[1]"),
        (#"{"events":[{"time":1,"messageId":"m","state":"","url":"u"}]}"#, "events.[0].state"),
        (#"{"events":[{"time":1,"messageId":"m","state":"ERROR","url":"u","body":"?"}]}"#, "events.[0].body"),
        (
            #"{"events":[{"time":1,"messageId":"m","state":"ERROR","url":"u","responseStatus":1000}]}"#,
            "events.[0].responseStatus"
        ),
        (#"{"events":{}}"#, "events"), (#"{"logs":[]}"#, "events"), (#"{"events":[],"cursor":7}"#, "cursor"),
    ])
    func wrongEntryIsRefusedWithItsPlace(json: String, place: String) async throws {
        let client = try QStashClient.over(ScriptedTransport(.text(json)))
        let error = try await ExchangeCase.error { _ = try await client.events.page() }
        #expect(error.code == .answerInvalid && error.detail.hasSuffix("at \(place)"), "\(error.detail)")
    }

    private func event(_ more: String) throws -> Event {
        let json = #"{"time":1000,"messageId":"m","url":"u",\#(more)}"#
        return try JSONDecoder().decode(Event.self, from: Data(json.utf8))
    }
}
