import Foundation
import HTTPTypes
import PostriderCLI
import QStash
import Testing

@Suite struct PublishCommandTests {
    private static let url = "https://api.example.com/hook"

    private func trial(_ body: String = #"{"messageId":"msg_1","url":"https://api.example.com/hook"}"#) -> CommandTrial
    {
        CommandTrial { _ in .json(body) }
    }

    @Test func theIDIsAllThatIsPrinted() async throws {
        let trial = trial()
        let ending = await trial.run("publish", Self.url, "--body", "hello")
        #expect(ending.status == 0 && ending.output == "msg_1\n" && ending.errors.isEmpty)
        let request = try #require(trial.server.requests.first)
        #expect(trial.server.lines == ["POST /v2/publish/https://api.example.com/hook"])
        #expect(request.body == Array("hello".utf8))
        #expect(request.value("Content-Type") == "text/plain; charset=utf-8")
        #expect(request.value("Authorization") == "Bearer \(CommandTrial.token)")
    }

    @Test func everyFlagTravels() async throws {
        let trial = trial()
        let ending = await trial.run(
            "publish",
            Self.url,
            "--body",
            "{}",
            "--content-type",
            "application/cloudevents+json",
            "--method",
            "put",
            "--header",
            "X-A=1",
            "--header",
            "X-B=a=b",
            "--delay",
            "1h30m",
            "--not-before",
            "1900000000",
            "--retries",
            "5",
            "--retry-delay",
            "pow(2, retried) * 1000",
            "--timeout",
            "90s",
            "--dedup-id",
            "order-7",
            "--callback",
            "https://api.example.com/done",
            "--failure-callback",
            "https://api.example.com/failed",
            "--flow-key",
            "tenant-7",
            "--flow-parallelism",
            "3",
            "--flow-rate",
            "10",
            "--flow-period",
            "1m",
            "--label",
            "billing",
            "--label",
            "eu",
            "--redact",
            "body",
            "--redact",
            "header[X-A]"
        )
        #expect(ending.status == 0, "\(ending.errors)")
        let request = try #require(trial.server.requests.first)
        let expected = [
            "Content-Type": "application/cloudevents+json", "Upstash-Method": "PUT", "Upstash-Forward-X-A": "1",
            "Upstash-Forward-X-B": "a=b", "Upstash-Not-Before": "1900000000", "Upstash-Retries": "5",
            "Upstash-Retry-Delay": "pow(2, retried) * 1000", "Upstash-Deduplication-Id": "order-7",
            "Upstash-Callback": "https://api.example.com/done",
            "Upstash-Failure-Callback": "https://api.example.com/failed", "Upstash-Flow-Control-Key": "tenant-7",
            "Upstash-Flow-Control-Value": "parallelism=3, rate=10, period=60s", "Upstash-Label": "billing,eu",
            "Upstash-Redact-Fields": "body,header[X-A]",
        ]
        for (name, value) in expected { #expect(request.value(name) == value, "\(name)") }
        #expect(try seconds(request.value("Upstash-Delay")) == 5_400)
        #expect(try seconds(request.value("Upstash-Timeout")) == 90)
    }

    private func seconds(_ text: String?) throws -> Int64 {
        try #require(text.flatMap { DurationArgument(argument: $0) }).duration.components.seconds
    }

    @Test func contentDeduplicationIsAFlagOfItsOwn() async {
        let trial = trial()
        _ = await trial.run("publish", Self.url, "--content-dedup", "--redact", "header")
        #expect(trial.server.requests.first?.value("Upstash-Content-Based-Deduplication") == "true")
        #expect(trial.server.requests.first?.value("Upstash-Redact-Fields") == "header")
    }

    @Test func programsGetAnObjectForEachMessage() async {
        let single = await trial().run("publish", Self.url, "--json")
        #expect(
            single.output == #"{"deduplicated":false,"messageId":"msg_1","url":"https://api.example.com/hook"}"# + "\n"
        )
        let group = await trial(
            #"[{"messageId":"msg_1","url":"https://a.test/"},{"messageId":"msg_2","url":"https://b.test/"}]"#
        )
        .run("publish", "--group", "orders", "--json")
        #expect(group.output.split(separator: "\n").count == 2)
        #expect(group.output.contains(#""messageId":"msg_2","url":"https://b.test/""#))
    }

    @Test func aGroupGivesATable() async {
        let trial = trial(
            #"[{"messageId":"msg_1","url":"https://a.test/"},{"messageId":"msg_2","url":"https://b.test/\u001b[2J"}]"#
        )
        let ending = await trial.run("publish", "--group", "orders")
        #expect(trial.server.lines == ["POST /v2/publish/orders"])
        #expect(ending.output == "MESSAGE  URL\nmsg_1    https://a.test/\nmsg_2    https://b.test/\\e[2J\n")
    }

    @Test func aQueueTakesUrlsAndGroups() async {
        let single = trial()
        _ = await single.run("publish", Self.url, "--queue", "orders")
        #expect(single.server.lines == ["POST /v2/enqueue/orders/https://api.example.com/hook"])
        let group = trial(#"[{"messageId":"msg_1"}]"#)
        _ = await group.run("publish", "--group", "all", "--queue", "orders")
        #expect(group.server.lines == ["POST /v2/enqueue/orders/all"])
    }

    @Test func aDuplicateIsRemarkedOn() async {
        let ending = await trial(#"{"messageId":"msg_1","deduplicated":true}"#).run(
            "publish",
            Self.url,
            "--dedup-id",
            "a"
        )
        #expect(ending.status == 0 && ending.output == "msg_1\n")
        #expect(ending.errors == "duplicate: msg_1 was published before, and nothing new was stored\n")
    }

    @Test(
        arguments: [
            (["--delay", "5x"], 64, "--delay"), (["--timeout", "-1"], 64, "--timeout"),
            (["--not-before", "1900000000000"], 64, "--not-before"),
            (["--not-before", "tomorrow"], 64, "--not-before"),
            (["--header", "no value"], 64, "--header"), (["--header", "X-A=\n"], 64, "--header"),
            (["--redact", "everything"], 64, "--redact"), (["--retries", "many"], 64, "--retries"),
            (["--flow-rate", "5"], 64, "--flow-key"), (["--dedup-id", "a", "--content-dedup"], 64, "--content-dedup"),
            (["--body", "a", "--body-file", "b"], 64, "--body-file"), (["--json-body"], 64, "--json-body"),
            (["--group", "orders"], 64, "--group"), (["--method", "a b"], 64, "--method"),
            (["--delay", "1500ms"], 65, "--delay is"), (["--timeout", "0"], 65, "--timeout is"),
            (["--retries=-1"], 65, "--retries is"), (["--retry-delay", "1 +"], 65, "--retry-delay"),
            (["--method", "TRACE"], 65, "--method is"), (["--callback", "ftp://a.test"], 65, "--callback"),
            (["--failure-callback", "a.test"], 65, "--failure-callback"), (["--label", "a,b"], 65, "--label"),
            (["--dedup-id", "a:b"], 65, "--dedup-id"), (["--flow-key", "a"], 65, "--flow-key"),
            (["--flow-key", "a", "--flow-rate", "0"], 65, "--flow-rate is"), (["--header", "Host=a"], 65, "--header"),
            (["--flow-key", "a", "--flow-rate", "1", "--flow-period", "8d"], 65, "--flow-period"),
            (["--queue", "a/b"], 65, "--queue"), (["--queue", "q", "--delay", "1s"], 65, "--delay does not exist"),
            (["--body", "{", "--json-body"], 65, "--json-body"),
        ] as [([String], Int32, String)]
    )
    func aWrongValueIsNamedAndNothingIsSent(arguments: [String], status: Int32, named: String) async {
        let trial = CommandTrial.silent()
        let ending = await trial.run(["publish", Self.url] + arguments)
        #expect(ending.status == status, "\(ending.errors)")
        #expect(ending.errors.contains(named), "\(ending.errors)")
        #expect(ending.output.isEmpty && trial.server.requests.isEmpty)
    }

    @Test func aWrongDestinationIsNamed() async {
        let trial = CommandTrial.silent()
        let wrong = await trial.run("publish", "api.example.com")
        #expect(wrong.status == 65 && wrong.errors.contains("<destination> begins with http:// or https://"))
        let missing = await trial.run("publish", "--body", "a")
        #expect(missing.status == 64 && missing.errors.contains("--group"))
        #expect(trial.server.requests.isEmpty)
    }

    @Test func refusalsAreJSONForPrograms() async throws {
        let ending = await CommandTrial.silent().run("publish", Self.url, "--delay", "500ms", "--json")
        let error = try JSONDecoder().decode([String: [String: Told]].self, from: Data(ending.errors.utf8))["error"]
        #expect(error?["code"]?.text == "option_invalid" && error?["exitStatus"]?.text == "65")
        #expect(ending.output.isEmpty)
    }

    /// A text or a number.
    private struct Told: Decodable {
        var text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                text = "\(number)"
            } else {
                text = try container.decode(String.self)
            }
        }
    }

    @Test(
        arguments: [
            (401, "unauthorized", 77), (403, "read_only_token", 77), (400, "destination_invalid", 65), (404, "x", 66),
            (507, "store_full", 75), (500, "x", 70),
        ] as [(Int, String, Int32)]
    )
    func theServersRefusalIsTold(status: Int, code: String, exit: Int32) async {
        let trial = CommandTrial { _ in .refusal(status, code, "the server's words \\u001b[31m") }
        let ending = await trial.run("publish", Self.url, "--body", "s3cret")
        #expect(ending.status == exit)
        #expect(ending.errors.contains("the server's words \\e[31m") && ending.errors.contains("status \(status)"))
        #expect(!ending.errors.contains("s3cret") && !ending.errors.contains(CommandTrial.token))
    }

    @Test func aServerOutOfReachIsTold() async {
        let trial = CommandTrial { _ in
            throw QStashTransportError(reach: .unsent, detail: "no connection to the server")
        }
        let ending = await trial.run("publish", Self.url)
        #expect(ending.status == 69 && ending.errors.contains("what to do:"))
    }

    @Test func bodiesComeFromFiles() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "publish-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "body")
        try Data([0xFF, 0x00, 0x0A]).write(to: file)
        let trial = trial()
        _ = await trial.run("publish", Self.url, "--body-file", file.path)
        #expect(trial.server.requests.first?.body == [0xFF, 0x00, 0x0A])
        #expect(trial.server.requests.first?.value("Content-Type") == nil)
        try Data(#"[1, {"a": null, "b": [true, "ü", -1.5e3]}]"#.utf8).write(to: file)
        _ = await trial.run("publish", Self.url, "--json-body", "--body-file", file.path)
        #expect(trial.server.requests.last?.value("Content-Type") == "application/json")
        let missing = await CommandTrial.silent().run("publish", Self.url, "--body-file", folder.path + "/none")
        #expect(missing.status == 78 && missing.errors.contains("--body-file: the file \(folder.path)/none"))
    }

    @Test(arguments: [["--body", "caf\u{FFFD}"], ["--header", "X-A=\u{FFFD}"]])
    func whatIsNoUTF8IsRefusedRatherThanChanged(arguments: [String]) async {
        let trial = CommandTrial.silent()
        let ending = await trial.run(["publish", "https://a.test/"] + arguments)
        #expect(ending.status == 64 && ending.errors.contains("is not UTF-8"), "\(ending.errors)")
        #expect(trial.server.requests.isEmpty)
    }
}
