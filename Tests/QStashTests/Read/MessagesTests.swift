import QStash
import Testing

/// Messages: what is asked and what is made of the answer.
@Suite struct MessagesTests {
    @Test(arguments: [("OK", 1), ("", 1), (#"{"cancelled":1}"#, 1), (#"{"cancelled":0}"#, 0)])
    func cancelOfOneTakesOldAnswersToo(answer: String, count: Int) async throws {
        let transport = ScriptedTransport(.text(answer, status: 202))
        #expect(try await QStashClient.over(transport).messages.cancel("msg_1") == count)
        #expect(transport.targets == ["DELETE /v2/messages/msg_1"])
    }

    @Test(arguments: ["", "OK", "{}", #"{"cancelled":"x"}"#, #"{"cancelled":-1}"#, "[1]"])
    func cancelOfManyNeedsItsCount(_ answer: String) async throws {
        let messages = try QStashClient.over(ScriptedTransport([.text(answer), .text(answer)])).messages
        for call in [{ try await messages.cancel(["m"]) }, { try await messages.cancelAll() }] {
            let error = try await ExchangeCase.error { _ = try await call() }
            #expect(error.code == .answerInvalid)
        }
    }

    @Test func identifierIsOneSegmentOfThePath() async throws {
        let transport = ScriptedTransport([.text("OK"), .text("OK")])
        let messages = try QStashClient.over(transport).messages
        try await messages.cancel("a/b?c#d%e ü")
        try await messages.cancel("...")
        #expect(transport.targets == ["DELETE /v2/messages/a%2Fb%3Fc%23d%25e%20%C3%BC", "DELETE /v2/messages/..."])
    }
}
