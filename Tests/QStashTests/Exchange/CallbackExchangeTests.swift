import QStash
import Testing

/// The bodies of callbacks, which the server sends, against the recorded exchanges (wire reference, section 9).
@Suite struct CallbackExchangeTests {
    static let fixtures = ["callback-attempt", "callback-as-documented", "callback-failure"]

    @Test func bothSpellingsOfACallbackMeanTheSame() throws {
        let recorded = try payload("callback-attempt")
        #expect(recorded == (try payload("callback-as-documented")))
        #expect(recorded.sourceMessageID == "msg_7Yx2kQ" && recorded.isSuccess)
        #expect(recorded.body == Array(#"{"ok":true}"#.utf8) && recorded.sourceBody == Array(#"{"n":1}"#.utf8))
        #expect(recorded.notBefore == Sample.to && recorded.callerIP == "203.0.113.9")
    }

    @Test func callbackOfAGivenUpMessageNamesItsDeadLetter() throws {
        let payload = try payload("callback-failure")
        #expect(payload.dlqID == "1725323658779-0" && payload.status == 0 && payload.isLastAttempt)
    }

    private func payload(_ fixture: String) throws -> CallbackPayload {
        try CallbackPayload(decoding: try #require(try RecordedExchange(named: fixture).request.body).bytes)
    }
}
