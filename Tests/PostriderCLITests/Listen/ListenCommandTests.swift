import ArgumentParser
import FoundationEssentials
import HTTPTypes
import Logging
import NIOHTTP1
import QStash
import ServiceLifecycle
import Testing

@testable import PostriderCLI

@Suite struct ListenCommandTests {
    private struct Line: Decodable {
        var type: String
        var url: String?
        var keys: String?
        var status: Int?
        var verified: Bool?
        var refusal: String?
        var body: String?
        var bodyBase64: String?
        var bytes: Int?
        var messageId: String?
        var retried: Int?
        var path: String?
        var headers: [String: [String]]?
    }

    /// Runs `postrider listen --json --port 0` while the work sends to it; ends it by cancelling, unless it ends itself.
    private func listening(
        _ arguments: [String],
        in context: TestContext = TestContext(environment: TestContext.keyEnvironment),
        _ work: (String) async throws -> Void
    ) async throws -> [Line] {
        let value = context.value
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let command = try ListenCommand.parse(["--json", "--port", "0"] + arguments)
                try await command.listen(in: value, stoppingOn: [])
            }
            let first = try #require(await context.output.writes.first { _ in true })
            let url = try #require(JSONDecoder().decode(Line.self, from: Data(first.utf8)).url)
            try await work(url)
            guard !arguments.contains("--count") else { return try await group.waitForAll() }
            group.cancelAll()
            while !group.isEmpty { _ = await group.nextResult() }
        }
        return try context.output.lines.dropFirst().map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    @Test func signedDeliveriesAreShownAndAnsweredInOrder() async throws {
        let lines = try await listening([
            "--status", "500,503,200", "--count", "4", "--body", "ok", "--header", "X-A=b",
        ]) { url in
            for (retried, status) in [500, 503, 200, 200].enumerated() {
                let answer = try await LoopbackClient.deliver(url + "/hook?x=1", id: "msg_7", retried: retried)
                #expect(answer.status == status)
                #expect(answer.text == "ok")
                #expect(answer.headers["X-A"] == ["b"])
            }
        }
        #expect(lines.map(\.status) == [500, 503, 200, 200])
        #expect(lines.map(\.retried) == [0, 1, 2, 3])
        #expect(
            lines.allSatisfy { $0.verified == true && $0.refusal == nil && $0.messageId == "msg_7" && $0.bytes == 5 }
        )
        #expect(lines.first?.path == "/hook?x=1")
        #expect(lines.first?.body == "hello")
    }

    @Test func deliveriesThatAreNotSignedAreRefusedWithTheFailingCheck() async throws {
        let lines = try await listening(["--public-url", "https://hooks.example.com/"]) { url in
            let signed = "https://hooks.example.com/a"
            let now = Int64(TestContext.now.timeIntervalSince1970)
            let answers = [
                try await LoopbackClient.post(url + "/a", body: Array("hello".utf8)),
                try await LoopbackClient.deliver(url + "/a", signedFor: signed, key: "sig_other"),
                try await LoopbackClient.deliver(url + "/a", signedFor: signed, signedBody: [1]),
                try await LoopbackClient.deliver(url + "/a", signedFor: signed, issuedAt: now - 301),
                try await LoopbackClient.deliver(url + "/b", signedFor: signed),
                try await LoopbackClient.deliver(url + "/a", signedFor: signed),
            ]
            #expect(answers.map(\.status) == [401, 401, 401, 401, 401, 200])
        }
        #expect(
            lines.map(\.refusal) == [
                "token_missing", "signature_mismatch", "body_mismatch", "expired", "url_mismatch", nil,
            ]
        )
    }

    @Test func refusedDeliveriesUseUpNeitherStatusesNorTheCount() async throws {
        let lines = try await listening(["--status", "500,200", "--count", "2"]) { url in
            let answers = [
                try await LoopbackClient.deliver(url, key: "sig_other"),
                try await LoopbackClient.deliver(url),
                try await LoopbackClient.post(url),
                try await LoopbackClient.deliver(url, key: TestContext.nextKey),
            ]
            #expect(answers.map(\.status) == [401, 500, 401, 200])
        }
        #expect(lines.map(\.status) == [401, 500, 401, 200])
    }

    @Test func theURLWithoutAPathMayBeTheOneThatWasSigned() async throws {
        let lines = try await listening(["--public-url", "https://hooks.example.com"]) { url in
            let answers = [
                try await LoopbackClient.deliver(url, signedFor: "https://hooks.example.com"),
                try await LoopbackClient.deliver(url, signedFor: "https://hooks.example.com/"),
            ]
            #expect(answers.map(\.status) == [200, 200])
        }
        #expect(lines.count == 2)
    }

    @Test func neitherSignaturesNorCredentialsAreShown() async throws {
        let context = TestContext(environment: TestContext.keyEnvironment)
        let lines = try await listening([], in: context) { url in
            _ = try await LoopbackClient.post(
                url,
                headers: [("Authorization", "Bearer s3cret"), ("Upstash-Signature", "s3cret"), ("X-Kept", "yes")]
            )
        }
        #expect(lines.first?.headers?["x-kept"] == ["yes"])
        #expect(!context.output.text.contains("s3cret"))
        #expect(!context.output.text.contains("sig_"))
    }

    @Test func otherBytesAreBase64AndBodiesCanBeLeftOut() async throws {
        let binary = try await listening(["--count", "1"]) { url in
            _ = try await LoopbackClient.deliver(url, body: [0xFF, 0x00])
        }
        #expect(binary.first?.bodyBase64 == "/wA=")
        let without = try await listening(["--count", "1", "--no-body"]) { url in
            _ = try await LoopbackClient.deliver(url)
        }
        #expect(without.first?.body == nil)
        #expect(without.first?.bytes == 5)
    }

    @Test func bodiesThatAreTooLargeAreAnswered413() async throws {
        let lines = try await listening([]) { url in
            let large = [UInt8](repeating: 1, count: 10 * 1_048_576 + 1)
            let answer = try await LoopbackClient.deliver(url, body: large, signedBody: [])
            #expect(answer.status == 413)
        }
        #expect(lines.first?.refusal == "body_too_large")
        #expect(lines.first?.bytes == nil)
    }

    @Test func keysComeFromTheServerWhenATokenIsKnown() async throws {
        let context = TestContext(environment: ["QSTASH_TOKEN": "t", "QSTASH_URL": "https://q.example.com"])
        let lines = try await listening(["--count", "1"], in: context) { url in
            let answer = try await LoopbackClient.deliver(url)
            #expect(answer.status == 200)
        }
        #expect(lines.first?.verified == true)
        #expect(context.output.lines.first?.contains(#""keys":"https://q.example.com""#) == true)
    }

    @Test func keysComeFromFilesFirst() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/postrider-keys-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data("sig_file_one\n".utf8).write(to: URL(filePath: folder + "/current"))
        try Data("sig_file_two\n".utf8).write(to: URL(filePath: folder + "/next"))
        let files = ["--current-key-file", folder + "/current", "--next-key-file", folder + "/next"]
        let lines = try await listening(files) { url in
            let answers = [
                try await LoopbackClient.deliver(url, key: "sig_file_two"),
                try await LoopbackClient.deliver(url),
            ]
            #expect(answers.map(\.status) == [200, 401])
        }
        #expect(lines.map(\.verified) == [true, false])
    }

    @Test func withoutKeysNothingIsListenedTo() async throws {
        let context = TestContext()
        let failure = await #expect(throws: CommandFailure.self) {
            try await ListenCommand.parse(["--data", "/nowhere", "--port", "0"]).listen(
                in: context.value,
                stoppingOn: []
            )
        }
        #expect(failure?.status == .configuration)
        let missing = await #expect(throws: CommandFailure.self) {
            try await ListenCommand.parse(["--url", "https://q.example.com"]).listen(in: context.value, stoppingOn: [])
        }
        #expect(missing?.code == "signing_keys_missing")
        #expect(context.output.text.isEmpty)
    }

    @Test func halfAPairInTheEnvironmentIsToldRatherThanPassedOver() async throws {
        let context = TestContext(environment: ["QSTASH_CURRENT_SIGNING_KEY": "sig_1", "QSTASH_TOKEN": "t"])
        await #expect(throws: (any Error).self) {
            try await ListenCommand.parse(["--port", "0"]).listen(in: context.value, stoppingOn: [])
        }
        #expect(context.output.text.isEmpty)
    }

    @Test func peopleSeeARowForEachDeliveryWithItsBody() async throws {
        let context = TestContext(
            environment: TestContext.keyEnvironment,
            terminal: .init(columns: 120, hasColors: false)
        )
        let value = context.value
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await ListenCommand.parse(["--port", "0", "--count", "1"]).listen(in: value, stoppingOn: [])
            }
            let remark = try #require(await context.errors.writes.first { _ in true })
            let url = try #require(remark.firstMatch(of: /listening on (http:[^;]+);/)).1
            _ = try await LoopbackClient.deliver("\(url)/evil", body: Array("\u{1B}[2Jx".utf8), key: "sig_other")
            _ = try await LoopbackClient.deliver("\(url)/hook", body: Array(#"{"a":1}"#.utf8), id: "msg_42")
            try await group.waitForAll()
        }
        #expect(
            context.output.text == """
                TIME      CODE  SIGNED    RETRY     BYTES  MESSAGE                     REQUEST
                22:13:20  401   REFUSED       0         5  msg_1                       POST /evil
                  REFUSED: signature_mismatch: signed with other keys than these; compare with postrider keys --export --reveal
                  \\e[2Jx
                22:13:20  200   verified      0         7  msg_42                      POST /hook
                  {
                    "a": 1
                  }

                """
        )
    }

    @Test func toldToStopItAnswersWhatWaitsAndEnds() async throws {
        let context = TestContext(environment: TestContext.keyEnvironment, clock: StandingClock())
        let value = context.value
        let command = try ListenCommand.parse(["--json", "--port", "0", "--delay", "1h"])
        let group = ServiceGroup(
            services: [ListenCommandService(command: command, context: value)],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let status = try await withThrowingTaskGroup(of: Int?.self) { tasks in
            tasks.addTask {
                try await group.run()
                return nil
            }
            var writes = context.output.writes.makeAsyncIterator()
            let first = try #require(await writes.next())
            let url = try #require(JSONDecoder().decode(Line.self, from: Data(first.utf8)).url)
            tasks.addTask { try await LoopbackClient.deliver(url).status }
            // Shown when it came, while its answer waits.
            #expect(await writes.next()?.contains(#""type":"delivery""#) == true)
            await group.triggerGracefulShutdown()
            return try await tasks.compactMap(\.self).first { _ in true }
        }
        #expect(status == 200)
    }

    private struct ListenCommandService: Service {
        let command: ListenCommand
        let context: CommandContext

        func run() async throws { try await command.listen(in: context, stoppingOn: []) }
    }

    @Test func theFormForProgramsIsStable() throws {
        let delivery = ReceivedDelivery(
            receivedAt: TestContext.now,
            method: .post,
            target: "/h",
            fields: [.contentType: "text/plain"],
            body: Array("x".utf8)
        )
        #expect(
            try JSONOutput.line(
                ListenRecord.delivery(delivery, .refused(check: "token_missing"), status: 401, hasBody: true)
            )
                == #"{"body":"x","bytes":1,"headers":{"content-type":["text/plain"]},"method":"POST","path":"/h","receivedAt":1700000000000,"refusal":"token_missing","status":401,"type":"delivery","verified":false}"#
                + "\n"
        )
        #expect(
            try JSONOutput.line(
                ListenRecord.listening(url: "http://127.0.0.1:9000", port: 9000, keys: "the environment")
            )
                == #"{"keys":"the environment","port":9000,"type":"listening","url":"http://127.0.0.1:9000"}"# + "\n"
        )
    }
}
