import ArgumentParser
import HTTPTypes
import PostriderCLI
import Testing

@Suite struct AnswerScriptTests {
    @Test func statusesAreUsedInOrderAndTheLastRepeats() {
        let script = AnswerScript(statuses: [500, 503, 200], fields: [.retryAfter: "1"], body: [1])
        #expect((0..<5).map { script.answer($0).status } == [500, 503, 200, 200, 200])
        #expect(script.answer(0).fields[.retryAfter] == "1")
        #expect(script.answer(4).body == [1])
    }

    @Test(arguments: [("200", [200]), ("500,500,200", [500, 500, 200]), ("489, 200", [489, 200])])
    func listsOfStatusesAreRead(text: String, expected: [Int]) {
        #expect(AnswerScript.statuses(parsing: text) == expected)
    }

    @Test(arguments: ["", "199", "600", "20", "2000", "200,", "abc", "100", "+20", "500;200"])
    func otherListsAreRefused(text: String) {
        #expect(AnswerScript.statuses(parsing: text) == nil)
    }

    @Test func headersAreReadAndThoseThatFrameTheAnswerRefused() {
        let field = AnswerScript.field(parsing: "Upstash-NonRetryable-Error=true")
        #expect(field?.name.rawName == "Upstash-NonRetryable-Error")
        #expect(field?.value == "true")
        #expect(AnswerScript.field(parsing: "a=b=c")?.value == "b=c")
        for text in [
            "a", "=b", "a b=c", "Content-Length=3", "transfer-encoding=chunked", "Connection=close", "a=b\r\nc: d",
        ] {
            #expect(AnswerScript.field(parsing: text) == nil, "\(text)")
        }
    }

    @Test(arguments: [
        ["--status", "abc"], ["--header", "nothing"], ["--count", "0"], ["--port", "70000"], ["--delay", "soon"],
        ["--public-url", "hooks.example.com"], ["--current-key-file", "a"],
    ])
    func theCommandRefusesWhatCannotWork(arguments: [String]) {
        #expect(throws: (any Error).self) { try ListenCommand.parse(arguments) }
    }

    @Test func thereIsNoWayToSkipTheSignature() {
        #expect(throws: (any Error).self) { try ListenCommand.parse(["--insecure"]) }
    }
}
