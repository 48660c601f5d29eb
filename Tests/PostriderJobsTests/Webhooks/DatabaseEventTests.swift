import Testing

@testable import PostriderJobs

@Suite struct DatabaseEventTests {
    private func event(_ text: String) throws -> DatabaseEvent {
        try DatabaseEvent(wire: try #require(JSONValue.parse(text)))
    }

    private func key(_ text: String) throws -> String { try event(text).eventKey }

    @Test func theKeyNamesTableTypeTimeAndRecord() throws {
        let key = try key(
            #"{"type":"INSERT","table":"trip_collaborators","record":{"id":456},"occurred_at":"2026-03-02T08:15:30.120Z"}"#
        )
        #expect(key == "trip_collaborators:INSERT:2026-03-02T08:15:30.120Z:456")
    }

    @Test(arguments: [
        ("456", "456"), ("-1", "-1"), ("456.0", "456"), ("1.5", "1.5"), (#""6a1f""#, "6a1f"),
        ("9007199254740993", "9007199254740993"),
    ])
    func idsAreWrittenAsText(id: String, expected: String) throws {
        let key = try key(
            #"{"type":"INSERT","table":"t","record":{"id":\#(id)},"occurred_at":"2026-03-02T08:15:30Z"}"#
        )
        #expect(key == "t:INSERT:2026-03-02T08:15:30Z:\(expected)")
    }

    @Test(arguments: ["null", #""""#, "{}", "[]", "true"])
    func anIDThatIsNoneIsReplacedByAHash(id: String) throws {
        let record = #"{"id":\#(id),"a":1}"#
        let key = try key(#"{"type":"INSERT","table":"t","record":\#(record),"occurred_at":"2026-03-02T08:15:30Z"}"#)
        let canonical = try #require(JSONValue.parse(record)).canonicalText
        #expect(key == "t:INSERT:2026-03-02T08:15:30Z:\(Hexadecimal.digest(of: canonical, count: 16))")
    }

    @Test func aHashIsThatOfTheCanonicalText() throws {
        // printf '{"a":[1,"x"],"b":null}' | sha256sum
        let expected = "t:INSERT:2026-03-02T08:15:30Z:854ef06dc57f5dfe"
        for record in [#"{"a":[1,"x"],"b":null}"#, #"{ "b" : null, "a" : [ 1.0, "\u0078" ] }"#] {
            let key = try key(
                #"{"type":"INSERT","table":"t","record":\#(record),"occurred_at":"2026-03-02T08:15:30Z"}"#
            )
            #expect(key == expected)
        }
    }

    @Test func aDeletedRowIsFoundWhereverTheSenderPutsIt() throws {
        let native = try event(#"{"type":"DELETE","table":"trips","record":null,"old_record":{"id":7}}"#)
        let trigger = try event(#"{"type":"DELETE","table":"trips","record":{"id":7},"old_record":null}"#)
        #expect(native.row == ["id": 7])
        #expect(trigger.row == ["id": 7])
        #expect(native.eventKey.hasPrefix("trips:DELETE::"))
    }

    @Test func withoutATimeBothRowsAreInTheKey() throws {
        let first = try key(#"{"type":"INSERT","table":"t","record":{"id":1,"v":1}}"#)
        let second = try key(#"{"type":"INSERT","table":"t","record":{"id":1,"v":2}}"#)
        #expect(first != second)
        #expect(first.split(separator: ":", omittingEmptySubsequences: false).count == 5)
    }

    @Test func twoUpdatesOfOneTransactionHaveTwoKeys() throws {
        let keys = try [(1, 2), (2, 3)].map { old, new in
            try key(
                """
                {"type":"UPDATE","table":"t","record":{"id":1,"v":\(new)},"old_record":{"id":1,"v":\(old)},\
                "occurred_at":"2026-03-02T08:15:30Z"}
                """
            )
        }
        #expect(Set(keys).count == 2)
        #expect(keys.allSatisfy { $0.hasPrefix("t:UPDATE:2026-03-02T08:15:30Z:1:") })
    }

    @Test func aRowLongAsABookStillHasAShortKey() throws {
        let id = String(repeating: "x", count: 60_000)
        #expect(try key(#"{"type":"INSERT","table":"t","record":{"id":"\#(id)"}}"#).utf8.count < 64)
    }

    @Test func theNormalisedFormIsWhatJobsRead() throws {
        let event = try event(
            #"{"type":"DELETE","table":"trips","schema":"public","record":null,"old_record":{"id":7}}"#
        )
        #expect(
            event.normalised.text
                == #"{"oldRecord":{"id":7},"record":null,"schema":"public","table":"trips","type":"DELETE"}"#
        )
    }

    @Test(arguments: [
        "2026-03-02T08:15:30Z", "2026-03-02T08:15:30.123456+00:00", "2026-03-02T08:15:30.1-05:30",
        "2024-02-29T23:59:59Z",
    ])
    func timesOfBothSendersAreTaken(text: String) throws {
        let event = try event(#"{"type":"INSERT","table":"t","record":{},"occurred_at":"\#(text)"}"#)
        #expect(event.occurredAt == text)
    }

    @Test(arguments: ["", "2026-03-02", "2026-03-02T08:15:30", "2026-02-29T00:00:00Z", "1772439330"])
    func whatIsNoTimeIsRefused(text: String) throws {
        #expect(throws: WebhookError.self) {
            try event(#"{"type":"INSERT","table":"t","record":{},"occurred_at":"\#(text)"}"#)
        }
    }

    @Test func nullsOfATriggerAreAsGoodAsMissing() throws {
        let event = try event(
            #"{"type":"INSERT","table":"t","record":{"id":1},"old_record":null,"schema":null,"occurred_at":null}"#
        )
        #expect(event == DatabaseEvent(type: .insert, table: "t", record: ["id": 1]))
    }
}
