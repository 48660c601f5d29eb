import HTTPTypes
import PostriderCLI
import QStash
import Testing

@Suite struct JobsCommandTests {
    static let record = #"""
        {"requestId":"r-1","status":"processing","progress":45,"jobType":"countdown","phase":"counting",
         "createdAt":"2026-03-02T08:00:00.000Z","updatedAt":"2026-03-02T08:05:00.000Z","startedAt":"2026-03-02T08:00:01Z",
         "completedAt":null,"heartbeatAt":null,"errorMessage":null,"errorCode":null,"resultData":{"n":1},"attempt":2,
         "maxRetries":3,"messageId":"msg_1","estimatedTimeRemaining":367}
        """#

    private func trial(_ answer: QStashResponse) -> CommandTrial {
        var trial = CommandTrial { _ in answer }
        trial.environment = ["QSTASH_URL": "http://127.0.0.1:8080"]
        return trial
    }

    @Test func aJobIsShownWithAllThatIsKnown() async {
        let trial = trial(.json(Self.record))
        let ending = await trial.run("jobs", "show", "r-1")
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(trial.server.lines == ["GET /api/jobs/r-1"])
        for text in [
            "countdown", "processing", "45 %", "counting", "about 6 min", "2 of 4", "msg_1", "2026-03-02 08:00:01Z",
            #"{"n":1}"#,
        ] {
            #expect(ending.output.contains(text), "\(text)")
        }
    }

    @Test func programsGetTheNamesOfTheWireAndTimesAsEverywhere() async {
        let ending = await trial(.json(Self.record)).run("jobs", "show", "r-1", "--json")
        #expect(
            ending.output
                == #"{"attempt":2,"createdAt":1772438400000,"estimatedTimeRemaining":367,"jobType":"countdown","#
                + #""maxRetries":3,"messageId":"msg_1","phase":"counting","progress":45,"requestId":"r-1","#
                + #""resultData":{"n":1},"startedAt":1772438401000,"status":"processing","updatedAt":1772438700000}"#
                + "\n"
        )
    }

    @Test func theUsersTokenGoesAlongAndTheBrokersDoesNot() async {
        var trial = trial(.json(Self.record))
        trial.environment["QSTASH_TOKEN"] = "tok_of_the_broker"
        _ = await trial.run("jobs", "show", "r-1")
        #expect(trial.server.requests.last?.value("Authorization") == nil)
        trial.environment["POSTRIDER_USER_TOKEN"] = "user.token"
        _ = await trial.run("jobs", "show", "r-1")
        #expect(trial.server.requests.last?.value("Authorization") == "Bearer user.token")
    }

    @Test(arguments: [
        ("https://qstash.upstash.io", nil, "127.0.0.1:8080"),
        ("http://127.0.0.1.evil.test:8080", nil, "127.0.0.1:8080"),
        ("https://user@evil.test", nil, "127.0.0.1:8080"), ("http://localhost:9000", nil, "localhost:9000"),
        ("https://qstash.upstash.io", "https://app.test", "app.test"),
        ("http://localhost:9000", "https://app.test", "app.test"),
    ])
    func aUsersTokenNeverGoesToABrokerElsewhere(broker: String, application: String?, host: String) async {
        var trial = trial(.json(Self.record))
        trial.environment = ["QSTASH_URL": broker, "POSTRIDER_USER_TOKEN": "user.token"]
        trial.environment["POSTRIDER_APPLICATION_URL"] = application
        #expect(await trial.run("jobs", "show", "r-1").status == 0)
        #expect(trial.server.requests.map { $0.head.authority } == [host])
        #expect(trial.server.requests.last?.value("Authorization") == "Bearer user.token")
    }

    @Test func countsOfAHostileServerAreBounded() async {
        let answer = Self.record.replacing(#""maxRetries":3"#, with: #""maxRetries":9223372036854775807"#)
            .replacing(#""attempt":2"#, with: #""attempt":9223372036854775807"#)
            .replacing("367", with: "9223372036854775807")
        let shown = await trial(.json(answer)).run("jobs", "show", "r-1")
        #expect(shown.status == 0 && shown.output.contains("1000000 of 1000001"), "\(shown.output)")
        #expect(shown.output.contains("about 5256000 min"))
        let negative = Self.record.replacing(#""maxRetries":3"#, with: #""maxRetries":-9223372036854775808"#)
            .replacing(#""attempt":2"#, with: #""attempt":-9223372036854775808"#)
            .replacing("367", with: "-9223372036854775808")
        let other = await trial(.json(negative)).run("jobs", "show", "r-1", "--json")
        #expect(other.status == 0 && other.output.contains(#""maxRetries":0"#))
        #expect(other.output.contains(#""estimatedTimeRemaining":0"#) && other.output.contains(#""attempt":0"#))
    }

    @Test func theURLMayHaveAPath() async {
        let trial = trial(.json(Self.record))
        _ = await trial.run("jobs", "show", "r-1", "--url", "https://app.test/base/")
        let head = trial.server.requests.last?.head
        #expect(head?.scheme == "https" && head?.authority == "app.test" && head?.path == "/base/api/jobs/r-1")
    }

    @Test(arguments: [
        "app.test", "ftp://app.test", "https://", "https://a@app.test", "https://app.test?x=1", "http://a b",
    ])
    func whatIsNoURLIsRefused(url: String) async {
        let trial = trial(.json(Self.record))
        #expect(await trial.run("jobs", "show", "r-1", "--url", url).status == 78)
        #expect(trial.server.requests.isEmpty)
    }

    @Test(arguments: ["../v2/keys", "a/b", "a?b", "a b", String(repeating: "a", count: 300)])
    func whatIsNoRequestIDIsNotSent(id: String) async {
        let trial = trial(.json(Self.record))
        #expect(await trial.run("jobs", "show", id).status == 65)
        #expect(trial.server.requests.isEmpty)
    }

    @Test(
        arguments: [
            (401, #"{"error":"unauthorized","reason":"no"}"#, 77, "unauthorized"),
            (404, #"{"error":"not_found","reason":"no"}"#, 66, "not_found"),
            (400, #"{"error":"already_finished","reason":"has ended","status":"completed"}"#, 65, "already_finished"),
            (503, #"{"error":"service_unavailable","reason":"later"}"#, 75, "service_unavailable"),
            (500, "oops", 70, "server_failure"),
            (302, "", 70, "answer_invalid"),
        ]
    )
    func refusalsEndWithTheirStatus(status: Int, body: String, exit: Int32, code: String) async {
        let ending = await trial(.json(body, status: status)).run("jobs", "cancel", "r-1", "--json")
        #expect(ending.status == exit)
        #expect(ending.errors.contains(#""code":"\#(code)""#))
    }

    @Test(arguments: ["[]", "not json", #"{"error":"x"}"#])
    func anAnswerThatIsNoJobIsSaidToBeNone(body: String) async {
        let ending = await trial(.json(body)).run("jobs", "show", "r-1")
        #expect(ending.status == 70)
        #expect(ending.errors.contains("answer_invalid"))
    }

    @Test func aCancelTellsTheStateBefore() async {
        let answer = QStashResponse.json(
            #"{"success":true,"requestId":"r-1","previousStatus":"processing","newStatus":"cancelled"}"#
        )
        let trial = trial(answer)
        #expect(await trial.run("jobs", "cancel", "r-1").output == "cancelled r-1, which was processing\n")
        #expect(trial.server.lines == ["DELETE /api/jobs/r-1"])
        let json = await trial.run("jobs", "cancel", "r-1", "--json").output
        #expect(json == #"{"previousStatus":"processing","requestId":"r-1","status":"cancelled"}"# + "\n")
    }

    @Test func whatAJobSaysCannotCommandTheTerminal() async {
        let record = Self.record.replacing("counting", with: #"\u001b[2J"#)
        let ending = await trial(.json(record)).run("jobs", "show", "r-1")
        #expect(ending.output.contains(#"\e[2J"#) && !ending.output.contains("\u{1B}"))
    }
}
