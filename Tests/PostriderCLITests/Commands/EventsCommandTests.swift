import PostriderCLI
import QStash
import Synchronization
import Testing

@Suite struct EventsCommandTests {
    /// Runs `postrider events --follow --json` through steps between polls, and stops it after the last.
    private func follow(
        _ log: SimulatedLog,
        arguments: [String] = [],
        answering: @escaping AnsweringServer.Answer,
        steps: [@Sendable () -> Void]
    ) async -> (ending: CommandTrial.Ending, sleeps: [Duration]) {
        let clock = SteppingClock { index in
            guard index < steps.count else { throw CancellationError() }
            steps[index]()
        }
        var trial = CommandTrial(answering)
        trial.clock = clock
        let ending = await trial.run(["events", "--follow", "--json"] + arguments)
        return (ending, clock.sleeps)
    }

    private func follow(
        _ log: SimulatedLog,
        arguments: [String] = [],
        steps: [@Sendable () -> Void]
    ) async
        -> CommandTrial.Ending
    {
        await follow(log, arguments: arguments, answering: { log.answer($0) }, steps: steps).ending
    }

    /// Message and state of each line, in order.
    private func entries(_ output: String) -> [String] {
        output.split(separator: "\n").map { line in
            func value(_ name: String) -> Substring {
                let rest = line.split(separator: "\"\(name)\":\"", maxSplits: 1).dropFirst().first ?? ""
                return rest.prefix { $0 != "\"" }
            }
            return "\(value("messageId")) \(value("state"))"
        }
    }

    @Test func theLatestAreShownTheNewestLast() async {
        let trial = CommandTrial { _ in
            .json(
                #"""
                {"cursor":"1","events":[
                {"time":1767225602000,"messageId":"msg_1","state":"RETRY","url":"https://a.test/","nextDeliveryTime":1767225614182},
                {"time":1767225602000,"messageId":"msg_1","state":"ERROR","url":"https://a.test/","responseStatus":503},
                {"time":1767225601000,"messageId":"msg_1\u001b[2J","state":"ERROR","url":"https://a.test/","error":"no connection"},
                {"time":1767225600000,"messageId":"msg_1","state":"CREATED","url":"https://a.test/"}]}
                """#
            )
        }
        let ending = await trial.run("events", "--count", "3")
        #expect(trial.server.lines == ["GET /v2/events?count=3"])
        #expect(ending.status == 0 && ending.errors.isEmpty)
        let lines = ending.output.split(separator: "\n")
        #expect(
            lines.map { $0.split(separator: " ") } == [
                ["TIME", "STATE", "MESSAGE", "URL", "RESULT"],
                ["2026-01-01", "00:00:01Z", "ERROR", #"msg_1\e[2J"#, "https://a.test/", "no", "connection"],
                ["2026-01-01", "00:00:02Z", "ERROR", "msg_1", "https://a.test/", "503"],
                ["2026-01-01", "00:00:02Z", "RETRY", "msg_1", "https://a.test/", "again", "in", "12.2", "s"],
            ]
        )
        let columns = lines.map { line in line.ranges(of: #/(URL|https:)/#).first.map { line[..<$0.lowerBound].count } }
        #expect(Set(columns).count == 1, "the same columns in every line")
    }

    @Test(arguments: [["events"], ["events", "--follow"]])
    func whatTellsEntriesApartFitsIn80Columns(arguments: [String]) async throws {
        let id = "msg_15MqBRtrOtc6DOdCpx184k"
        var trial = CommandTrial { _ in
            .json(
                #"""
                {"events":[
                {"time":1767225602000,"messageId":"\#(id)","state":"RETRY","url":"https://api.example.com/v1/orders/hook","nextDeliveryTime":1767225614182},
                {"time":1767225601000,"messageId":"\#(id)","state":"DELIVERED","url":"https://api.example.com/v1/orders/hook","responseStatus":200}]}
                """#
            )
        }
        trial.terminal = .init(columns: 80, hasColors: false)
        trial.clock = SteppingClock { _ in throw CancellationError() }
        let ending = await trial.run(arguments)
        let lines = ending.output.split(separator: "\n")
        try #require(ending.status == 0 && lines.count == 3, "\(ending.output)\(ending.errors)")
        #expect(lines.allSatisfy { DisplayWidth.of(String($0)) <= 80 }, "\(ending.output)")
        #expect(lines[1].hasPrefix("00:00:01  DELIVERED  \(id)  …") && lines[1].hasSuffix(" 200"))
        #expect(lines[2].hasPrefix("00:00:02  RETRY      \(id)  …") && lines[2].hasSuffix("  again in 12.2 s"))
        #expect(lines[1].contains("/hook ") && lines[2].contains("/hook "))
    }

    @Test func entriesOfSeveralDaysHaveTheirDate() async {
        let log = SimulatedLog()
        log.append("m", ["CREATED"], time: 1_000)
        log.append("m", ["ACTIVE"], time: 86_400_000)
        var trial = CommandTrial { log.answer($0) }
        trial.terminal = .init(columns: 80, hasColors: false)
        let ending = await trial.run("events")
        #expect(ending.output.contains("01-01 00:00:01 ") && ending.output.contains("01-02 00:00:00 "))
    }

    @Test func statesAreColouredOnATerminal() async {
        let log = SimulatedLog()
        log.append("msg_1", ["DELIVERED", "FAILED"], time: 1)
        var trial = CommandTrial { log.answer($0) }
        trial.terminal = .init(columns: 120, hasColors: true)
        let colored = await trial.run("events")
        #expect(!colored.output.contains(" \n"), "no blanks where there is no result")
        #expect(
            colored.output.contains("\u{1B}[32mDELIVERED\u{1B}[0m")
                && colored.output.contains("\u{1B}[31mFAILED\u{1B}[0m")
        )
        #expect(!(await trial.run("events", "--no-color")).output.contains("\u{1B}"))
        #expect(!(await trial.run("events", "--json")).output.contains("\u{1B}"))
    }

    @Test func conditionsTravel() async {
        let trial = CommandTrial { _ in .json(#"{"events":[]}"#) }
        let ending = await trial.run(
            "events",
            "--message",
            "a",
            "--message",
            "b",
            "--state",
            "failed",
            "--state",
            "cancelled",
            "--destination",
            "https://a.test/",
            "--host",
            "a.test",
            "--path",
            "/x",
            "--queue",
            "q",
            "--label",
            "l",
            "--flow-key",
            "k",
            "--from",
            "1",
            "--to",
            "2"
        )
        #expect(ending.status == 0 && ending.output.isEmpty && ending.errors == "no entries\n")
        #expect(
            trial.server.lines == [
                "GET /v2/events?count=20&messageIds=a&messageIds=b&state=FAILED&state=CANCELED&url=https%3A%2F%2Fa.test%2F"
                    + "&host=a.test&path=%2Fx&queueName=q&label=l&flowControlKey=k&fromDate=1000&toDate=2000"
            ]
        )
    }

    @Test(
        arguments: [
            ["--count", "0"], ["--count", "10001"], ["--follow", "--to", "1"], ["--follow", "--every", "10ms"],
            ["--state", "lost"], ["--follow", "--count", "-1"],
        ]
    )
    func whatCannotWorkIsRefused(arguments: [String]) async {
        let trial = CommandTrial.silent()
        #expect(await trial.run(["events"] + arguments).status == 64)
        #expect(trial.server.requests.isEmpty)
    }

    @Test func followingShowsWhatComes() async {
        let log = SimulatedLog()
        for index in 0..<30 { log.append("old_\(index)", ["CREATED"], time: 1_000) }
        let ending = await follow(
            log,
            arguments: ["--count", "2"],
            steps: [
                { log.append("a", ["CREATED"], time: 2_000) }, {},
                { log.append("a", ["ACTIVE", "DELIVERED"], time: 2_001) }, {},
            ]
        )
        #expect(ending.status == 0 && ending.errors.isEmpty)
        #expect(entries(ending.output) == ["old_28 CREATED", "old_29 CREATED", "a CREATED", "a ACTIVE", "a DELIVERED"])
    }

    @Test func thousandsInOneMillisecondAreEachShownOnce() async {
        let log = SimulatedLog()
        let burst: @Sendable (Int) -> Void = { number in
            for index in 0..<700 { log.append("m_\(number)_\(index)", ["CREATED"], time: 5_000) }
        }
        let ending = await follow(log, steps: [{ burst(0) }, { burst(1) }, {}, { burst(2) }, {}])
        let shown = entries(ending.output)
        #expect(shown.count == 2_100 && Set(shown).count == 2_100)
        #expect(shown.first == "m_0_0 CREATED" && shown.last == "m_2_699 CREATED")
    }

    @Test func entriesAlikeAreEachShown() async {
        let log = SimulatedLog()
        let attempt = ["ACTIVE", "ERROR", "RETRY"]
        // Two attempts within one millisecond, in one poll and over two.
        let ending = await follow(
            log,
            steps: [{ log.append("a", attempt + attempt, time: 7) }, { log.append("a", attempt, time: 7) }, {}]
        )
        let shown = entries(ending.output)
        #expect(shown.count(where: { $0 == "a ERROR" }) == 3 && shown.count(where: { $0 == "a RETRY" }) == 3)
    }

    @Test func whatAppearsLateInAnEarlierPlaceIsShown() async {
        let log = SimulatedLog()
        let places = log.places(3)
        let ending = await follow(
            log,
            steps: [
                { log.show(.init(place: places[2], messageID: "c", state: "CREATED", time: 3)) },
                { log.show(.init(place: places[0], messageID: "a", state: "CREATED", time: 1)) }, {},
                { log.show(.init(place: places[1], messageID: "b", state: "CREATED", time: 2)) }, {},
            ]
        )
        #expect(entries(ending.output) == ["c CREATED", "a CREATED", "b CREATED"])
    }

    @Test func anAttemptThatBeganBeforeIsShownWithItsResult() async {
        let log = SimulatedLog()
        for index in 0..<2_500 { log.append("old_\(index)", ["CREATED"], time: 1) }
        let ending = await follow(
            log,
            arguments: ["--count", "0"],
            steps: [
                {
                    log.append("slow", ["ACTIVE"], time: 0); log.append("slow", ["DELIVERED"], time: 50)
                }, {},
            ]
        )
        #expect(entries(ending.output) == ["slow ACTIVE", "slow DELIVERED"])
    }

    @Test func aRestartOfTheServerIsSaidOnceAndNothingIsLost() async {
        let log = SimulatedLog()
        let places = log.places(2)
        let isDown = Mutex(false)
        let (ending, sleeps) = await follow(
            log,
            arguments: ["--every", "2s"],
            answering: { request in
                if isDown.withLock({ $0 }) {
                    throw QStashTransportError(reach: .unsent, detail: "no connection to the server")
                }
                return log.answer(request)
            },
            steps: [
                { log.show(.init(place: places[1], messageID: "b", state: "CREATED", time: 1)) },
                { isDown.withLock { $0 = true } }, {}, {}, {}, {}, {},
                // What was being stored when it went away, below what was shown a minute ago.
                { log.show(.init(place: places[0], messageID: "a", state: "CREATED", time: 1)) },
                {
                    log.append("c", ["CREATED"], time: 100_000)
                    isDown.withLock { $0 = false }
                },
                {}, { log.append("d", ["CREATED"], time: 100_001) },
            ]
        )
        #expect(ending.status == 0)
        let remark = "http://127.0.0.1:8080 does not answer (unreachable); asking again until it does"
        #expect(ending.errors == #"{"remark":"\#(remark)"}"# + "\n")
        #expect(entries(ending.output) == ["b CREATED", "a CREATED", "c CREATED", "d CREATED"])
        #expect(sleeps.map { $0.components.seconds } == [2, 2, 2, 4, 8, 16, 30, 30, 30, 2, 2, 2])
    }

    @Test func aServerWithANewFolderBeginsANewLog() async {
        let log = SimulatedLog()
        log.append("a", ["CREATED"], time: 1_000)
        let ending = await follow(
            log,
            steps: [
                {
                    log.wipe()
                    log.append("b", ["CREATED"], time: 2_000)
                }, {},
            ]
        )
        #expect(entries(ending.output) == ["a CREATED", "b CREATED"])
    }

    @Test func aRefusalEndsTheFollowing() async {
        let log = SimulatedLog()
        let isRevoked = Mutex(false)
        let (ending, _) = await follow(
            log,
            answering: { isRevoked.withLock { $0 } ? .refusal(401, "unauthorized") : log.answer($0) },
            steps: [{ isRevoked.withLock { $0 = true } }, {}]
        )
        #expect(ending.status == 77)
    }

    @Test func aServerThatIsNotThereToBeginWithIsAnError() async {
        let trial = CommandTrial { _ in throw QStashTransportError(reach: .unsent, detail: "no connection") }
        #expect(await trial.run("events", "--follow").status == 69)
    }
}
