import HTTPTypes
import PostriderCLI
import QStash
import Synchronization
import Testing

@Suite struct DLQCommandTests {
    private static func letter(_ id: String, status: Int = 500) -> String {
        #"""
        {"dlqId":"\#(id)","messageId":"msg_\#(id)","url":"https://a.test/hook","method":"POST","maxRetries":0,"notBefore":1767225600000,
        "createdAt":1767225600000,"responseStatus":\#(status),"responseBody":"o\u001bps","responseHeader":{"Set-Cookie":["s3cret"]},
        "header":{"X-Api-Key":["s3cret"]},"body":"b"}
        """#
    }

    /// A queue of dead letters with ids that can be listed, deleted and retried.
    private final class Letters: Sendable {
        let ids: Mutex<[String]>

        init(_ count: Int) {
            ids = Mutex((0..<count).map { "7-\($0)" })
        }

        func answer(_ request: QStashRequest) throws -> QStashResponse {
            let named = request.parameters("dlqIds")
            return try ids.withLock { ids in
                switch request.head.method {
                case .get:
                    let start = Int(request.parameters("cursor").first ?? "0") ?? 0
                    let size = try #require(Int(request.parameters("count").first ?? "100"))
                    let listed = request.parameters("order") == ["latestFirst"] ? ids.reversed() : ids
                    let page = listed.dropFirst(start).prefix(size)
                    let cursor = start + size < ids.count ? #","cursor":"\#(start + size)""# : ""
                    return .json(#"{"messages":[\#(page.map { letter($0) }.joined(separator: ","))]\#(cursor)}"#)
                case .delete:
                    let before = ids.count
                    ids.removeAll { named.contains($0) }
                    return .json(#"{"deleted":\#(before - ids.count)}"#)
                default:
                    guard named.allSatisfy({ ids.contains($0) }) else { return .refusal(404, "dead_letter_not_found") }
                    ids.removeAll { named.contains($0) }
                    // What was retried fails at once and is there again.
                    ids += named.map { "8-\($0)" }
                    let responses = named.map { #"{"messageId":"new_\#($0)"}"# }
                    return .json(#"{"responses":[\#(responses.joined(separator: ","))]}"#, status: 201)
                }
            }
        }
    }

    @Test func theLatestAreListedTheNewestLast() async {
        let letters = Letters(5)
        let trial = CommandTrial { try letters.answer($0) }
        let ending = await trial.run("dlq", "list", "--count", "2")
        #expect(trial.server.lines == ["GET /v2/dlq?count=3&order=latestFirst"])
        #expect(
            ending.output == """
                DEAD LETTER  STATUS  CREATED               MESSAGE  URL
                7-3             500  2026-01-01 00:00:00Z  msg_7-3  https://a.test/hook
                7-4             500  2026-01-01 00:00:00Z  msg_7-4  https://a.test/hook

                """
        )
        #expect(ending.status == 0 && ending.errors == "there are more: --count shows more of them\n")
    }

    @Test func listsForProgramsAreLinesWithoutSecrets() async {
        let letters = Letters(2)
        let ending = await CommandTrial { try letters.answer($0) }.run("dlq", "list", "--json")
        let lines = ending.output.split(separator: "\n")
        #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") })
        #expect(
            lines.last?.contains(#""dlqId":"7-1""#) == true && lines.last?.contains(#""responseStatus":500"#) == true
        )
        #expect(!ending.output.contains("s3cret") && !ending.output.contains("\u{1B}"))
    }

    @Test func anEmptyQueueIsSaidToBeSo() async {
        let text = await CommandTrial { _ in .json(#"{"messages":[]}"#) }.run("dlq", "list")
        #expect(text.status == 0 && text.output.isEmpty && text.errors == "no dead letters\n")
        let json = await CommandTrial { _ in .json(#"{"messages":[]}"#) }.run("dlq", "list", "--json")
        #expect(json.output.isEmpty && json.errors.isEmpty)
    }

    @Test func conditionsTravel() async {
        let trial = CommandTrial { _ in .json(#"{"messages":[]}"#) }
        let ending = await trial.run(
            "dlq",
            "list",
            "--message",
            "msg_1",
            "--status",
            "500",
            "--status",
            "0",
            "--destination",
            "https://a.test/",
            "--group",
            "g",
            "--schedule",
            "s",
            "--flow-key",
            "k",
            "--caller-ip",
            "203.0.113.9"
        )
        #expect(ending.status == 0, "\(ending.errors)")
        let request = trial.server.requests.first
        #expect(request?.parameters("messageId") == ["msg_1"] && request?.parameters("responseStatus") == ["500", "0"])
        #expect(request?.parameters("topicName") == ["g"] && request?.parameters("scheduleId") == ["s"])
        #expect(request?.parameters("flowControlKey") == ["k"] && request?.parameters("callerIp") == ["203.0.113.9"])
    }

    @Test func anEntryIsShownWithTheAnswerThatEndedIt() async {
        let trial = CommandTrial { _ in .json(Self.letter("7-1")) }
        let ending = await trial.run("dlq", "show", "7-1")
        #expect(trial.server.lines == ["GET /v2/dlq/7-1"])
        #expect(
            ending.output.hasPrefix(
                "dead letter      7-1\nstatus           500\nanswer's header  Set-Cookie: (hidden)\n"
            )
        )
        #expect(ending.output.hasSuffix("\nanswer\n  o\\eps\n\nbody\n  b\n"))
        #expect(!ending.output.contains("s3cret"))
        let unanswered = await CommandTrial { _ in .json(Self.letter("7-1", status: 0)) }.run("dlq", "show", "7-1")
        #expect(unanswered.output.contains("status           no answer\n"))
    }

    @Test func oneIsDeletedByItsPathAndUnknownItIsAnError() async {
        let trial = CommandTrial { _ in .refusal(404, "dead_letter_not_found") }
        let ending = await trial.run("dlq", "delete", "7-1")
        #expect(ending.status == 66 && trial.server.lines == ["DELETE /v2/dlq/7-1"])
    }

    @Test func severalAreDeletedAndMissingOnesPassedOver() async {
        let letters = Letters(3)
        let ending = await CommandTrial { try letters.answer($0) }.run("dlq", "delete", "7-0", "7-2", "gone")
        #expect(ending.status == 0 && ending.output == "deleted 2 of 3\n")
        #expect(ending.errors == "the others are unknown, or deleted already\n")
        #expect(letters.ids.withLock { $0 } == ["7-1"])
    }

    @Test func everythingIsDeletedThroughIDs() async {
        let letters = Letters(250)
        let trial = CommandTrial { try letters.answer($0) }
        let ending = await trial.run("dlq", "delete", "--all", "--yes", "--json")
        #expect(ending.output == #"{"deleted":250}"# + "\n" && letters.ids.withLock { $0.isEmpty })
        let deletes = trial.server.requests.filter { $0.head.method == .delete }
        #expect(deletes.map { $0.parameters("dlqIds").count } == [100, 100, 50])
    }

    @Test func whatFailsAgainIsNotRetriedAgain() async {
        let letters = Letters(130)
        let trial = CommandTrial { try letters.answer($0) }
        let ending = await trial.run("dlq", "retry", "--all", "--yes", "--json")
        #expect(ending.status == 0 && ending.errors.isEmpty)
        #expect(ending.output.split(separator: "\n").count == 130)
        #expect(ending.output.hasPrefix(#"{"dlqId":"7-0","messageId":"new_7-0"}"# + "\n"))
        #expect(letters.ids.withLock { $0.count(where: { $0.hasPrefix("8-7-") }) } == 130)
    }

    @Test func namedEntriesAreRetriedTogetherOrNotAtAll() async {
        let letters = Letters(3)
        let trial = CommandTrial { try letters.answer($0) }
        let ending = await trial.run("dlq", "retry", "7-0", "7-1")
        #expect(trial.server.lines == ["POST /v2/dlq/retry?dlqIds=7-0&dlqIds=7-1"])
        #expect(ending.output.split(separator: "\n").map { $0.split(separator: " ") }.last == ["7-1", "new_7-1"])
        let refused = await trial.run("dlq", "retry", "7-2", "gone")
        #expect(refused.output.isEmpty, "no titles over nothing")
        #expect(refused.status == 66 && letters.ids.withLock { $0.contains("7-2") })
    }

    @Test func whatIsGoneMeanwhileIsPassedOver() async {
        let letters = Letters(3)
        let trial = CommandTrial { request in
            let answer = try letters.answer(request)
            // Somebody deletes one right after it was listed.
            if request.head.method == .get { letters.ids.withLock { _ = $0.remove(at: 1) } }
            return answer
        }
        let ending = await trial.run("dlq", "retry", "--all", "--yes", "--json")
        #expect(ending.status == 0 && ending.output.split(separator: "\n").count == 2)
        #expect(ending.errors == #"{"remark":"gone before they were retried: 1"}"# + "\n")
    }

    @Test func whatWasDoneBeforeAFailureIsTold() async {
        let letters = Letters(150)
        let trial = CommandTrial { request in
            if request.parameters("dlqIds").contains("7-100") { return .refusal(403, "read_only_token") }
            return try letters.answer(request)
        }
        let ending = await trial.run("dlq", "delete", "--all", "--yes")
        #expect(ending.status == 77 && ending.output.isEmpty)
        #expect(ending.errors.hasPrefix("deleted 100 of 150 before this went wrong:\nerror: "))
        letters.ids.withLock { $0 = (0..<150).map { "7-\($0)" } }
        let json = await trial.run("dlq", "delete", "--all", "--yes", "--json")
        #expect(json.errors.hasPrefix(#"{"error":{"#) && json.errors.contains(#""done":100"#))
        #expect(json.errors.split(separator: "\n").count == 1)
    }

    @Test(
        arguments: ["delete", "retry"],
        [[], ["--all"], ["a", "--all", "--yes"], ["a", "--label", "b"], ["--label", "b", "--all", "--yes"]]
    )
    func whatIsMeantMustBeClear(command: String, arguments: [String]) async {
        let trial = CommandTrial.silent()
        #expect(await trial.run(["dlq", command] + arguments).status == 64)
        #expect(trial.server.requests.isEmpty)
    }

    @Test(arguments: ["delete", "retry", "show"])
    func anEmptyIDIsRefusedHere(command: String) async {
        let trial = CommandTrial.silent()
        let ending = await trial.run("dlq", command, "")
        #expect(ending.status == 65 && ending.errors.contains("<id>"), "\(ending.errors)")
        #expect(trial.server.requests.isEmpty)
    }
}
