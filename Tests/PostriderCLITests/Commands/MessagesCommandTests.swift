import PostriderCLI
import QStash
import Testing

@Suite struct MessagesCommandTests {
    private static let message = #"""
        {"messageId":"msg_1","url":"https://api.example.com/hook","method":"POST","header":{"Content-Type":["application/json"],
        "Authorization":["Bearer s3cret"],"X-A":["1\u001b]0;x"]},"body":"{\"n\":1}","maxRetries":3,"notBefore":1767225700000,
        "createdAt":1767225600000,"labels":["billing","eu"],"flowControlKey":"tenant-7","rate":10,"period":60,
        "callback":"https://api.example.com/done","callerIP":"203.0.113.9"}
        """#

    @Test func aMessageIsShownWithoutItsSecrets() async {
        let trial = CommandTrial { _ in .json(Self.message) }
        let ending = await trial.run("messages", "show", "msg_1")
        #expect(ending.status == 0 && ending.errors.isEmpty)
        #expect(trial.server.lines == ["GET /v2/messages/msg_1"])
        #expect(
            ending.output == """
                message         msg_1
                request         POST https://api.example.com/hook
                created         2026-01-01 00:00:00Z
                not before      2026-01-01 00:01:40Z
                retries         3
                labels          billing, eu
                flow control    tenant-7, rate 10 in 60 s
                callback        https://api.example.com/done
                published from  203.0.113.9
                header          Authorization: (hidden)
                header          Content-Type: application/json
                header          X-A: 1 ]0;x

                body
                  {
                    "n": 1
                  }

                """
        )
    }

    @Test func programsGetTheNamesOfTheWire() async {
        let ending = await CommandTrial { _ in .json(Self.message) }.run("messages", "show", "msg_1", "--json")
        #expect(ending.output.hasPrefix(#"{"body":"{\"n\":1}","callback":"https://api.example.com/done","callerIP":"#))
        #expect(ending.output.contains(#""createdAt":1767225600000"#) && ending.output.contains(#""period":60"#))
        #expect(ending.output.contains(#""header":{"Authorization":["(hidden)"]"#))
        #expect(!ending.output.contains("s3cret"))
    }

    @Test func bytesAreShownAsSuch() async {
        let message =
            #"{"messageId":"m","url":"https://a.test/","method":"GET","bodyBase64":"/wAB","maxRetries":0,"notBefore":1,"createdAt":1}"#
        let text = await CommandTrial { _ in .json(message) }.run("messages", "show", "m")
        #expect(text.output.contains("ff 00 01"))
        let json = await CommandTrial { _ in .json(message) }.run("messages", "show", "m", "--json")
        #expect(json.output.contains(#""bodyBase64":"/wAB""#))
    }

    @Test func anUnknownMessageEndsWith66() async {
        let ending = await CommandTrial { _ in .refusal(404, "message_not_found", "message not found") }
            .run("messages", "show", "msg_0")
        #expect(ending.status == 66 && ending.errors.contains("message not found") && ending.output.isEmpty)
    }

    @Test func anEmptyIDIsRefusedHere() async {
        let trial = CommandTrial.silent()
        for arguments in [["show", ""], ["cancel", ""], ["cancel", "a", ""]] {
            let ending = await trial.run(["messages"] + arguments)
            #expect(ending.status == 65 && ending.errors.contains("<id>"), "\(ending.errors)")
        }
        #expect(trial.server.requests.isEmpty)
    }

    @Test func oneMessageIsCancelledByItsPath() async {
        let trial = CommandTrial { _ in .json(#"{"cancelled":1}"#, status: 202) }
        let ending = await trial.run("messages", "cancel", "msg_1")
        #expect(ending.status == 0 && ending.output == "cancelled 1 of 1\n" && ending.errors.isEmpty)
        #expect(trial.server.lines == ["DELETE /v2/messages/msg_1"])
    }

    @Test func manyAreCancelledAHundredAtATime() async {
        let trial = CommandTrial { request in
            .json(#"{"cancelled":\#(request.parameters("messageIds").count - 1)}"#, status: 202)
        }
        let ids = (0..<150).map { "msg_\($0)" }
        let ending = await trial.run(["messages", "cancel"] + ids)
        #expect(trial.server.requests.map { $0.parameters("messageIds").count } == [100, 50])
        #expect(ending.status == 0 && ending.output == "cancelled 148 of 150\n")
        #expect(ending.errors == "the others are unknown, or done already\n")
    }

    @Test(arguments: [false, true])
    func whatWasCancelledBeforeAFailureIsTold(isJSON: Bool) async {
        let trial = CommandTrial { request in
            if request.parameters("messageIds").contains("msg_100") { return .refusal(403, "read_only_token") }
            return .json(#"{"cancelled":97}"#, status: 202)
        }
        let ids = (0..<150).map { "msg_\($0)" }
        let ending = await trial.run(["messages", "cancel"] + ids + (isJSON ? ["--json"] : []))
        #expect(ending.status == 77 && ending.output.isEmpty)
        let told = isJSON ? #""done":97"# : "cancelled 97 of 150 before this went wrong:\nerror: "
        #expect(ending.errors.contains(told), "\(ending.errors)")
    }

    @Test(arguments: ["X-Auth-Token", "client-secret", "X-PASSWORD-Hint", "Acme-Api-Key"])
    func headersThatSoundLikeSecretsAreHidden(name: String) async {
        let message =
            #"{"messageId":"m","url":"https://a.test/","method":"GET","header":{"\#(name)":["s3cret"]},"maxRetries":0,"notBefore":1,"createdAt":1}"#
        let trial = CommandTrial { _ in .json(message) }
        for arguments in [[], ["--json"]] {
            let ending = await trial.run(["messages", "show", "m"] + arguments)
            #expect(ending.output.contains("(hidden)") && !ending.output.contains("s3cret"))
        }
    }

    @Test func aFilterCancels() async {
        let trial = CommandTrial { _ in .json(#"{"cancelled":7}"#, status: 202) }
        let ending = await trial.run(
            "messages",
            "cancel",
            "--label",
            "a",
            "--label",
            "b",
            "--queue",
            "orders",
            "--host",
            "a.test",
            "--from",
            "2026-01-01T00:00:00Z",
            "--to",
            "1767225601",
            "--json"
        )
        #expect(ending.output == #"{"cancelled":7}"# + "\n")
        #expect(
            trial.server.lines == [
                "DELETE /v2/messages?host=a.test&queueName=orders&label=a&label=b&fromDate=1767225600000&toDate=1767225601000"
            ]
        )
    }

    @Test func everythingIsCancelledOnlyWhenSaidTwice() async {
        let trial = CommandTrial { _ in .json(#"{"cancelled":7}"#, status: 202) }
        let refused = await trial.run("messages", "cancel", "--all")
        #expect(refused.status == 64 && refused.errors.contains("--yes"))
        #expect(trial.server.requests.isEmpty)
        let ending = await trial.run("messages", "cancel", "--all", "--yes")
        #expect(ending.output == "cancelled 7\n" && trial.server.lines == ["DELETE /v2/messages"])
    }

    @Test(
        arguments: [
            [], ["--yes"], ["a", "--all", "--yes"], ["a", "--label", "b"], ["--label", "b", "--all", "--yes"],
            ["--from", "2", "--to", "1"],
        ]
    )
    func whatIsCancelledMustBeClear(arguments: [String]) async {
        let trial = CommandTrial.silent()
        #expect(await trial.run(["messages", "cancel"] + arguments).status == 64)
        #expect(trial.server.requests.isEmpty)
    }

    @Test func aFilterThatTheServerDoesNotServeIsTold() async {
        let trial = CommandTrial { _ in
            .refusal(400, "filter_not_supported_yet", "the parameter label is not supported yet by this server")
        }
        let ending = await trial.run("messages", "cancel", "--label", "a")
        #expect(ending.status == 65 && ending.errors.contains("the parameter label is not supported yet"))
        #expect(ending.errors.contains("leave --label out"), "\(ending.errors)")
    }
}
