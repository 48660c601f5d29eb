import ArgumentParser
import Foundation
import HTTPTypes
import QStash
import Synchronization
import Testing

@testable import PostriderCLI

@Suite struct ServerOptionsTests {
    /// A folder with a token file, gone when the test is.
    private final class Folder: Sendable {
        let path: String

        init(token: String) throws {
            path = "\(FileManager.default.temporaryDirectory.path)/postrider-cli-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Data("\(token)\n".utf8).write(to: URL(filePath: path + "/token"))
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    /// What the client sends as `Authorization`, and where.
    private func sent(
        _ arguments: [String],
        _ environment: [String: String]
    ) async throws -> (authorization: String?, authority: String?, origin: String) {
        let requests = Mutex<[QStashRequest]>([])
        let transport = ScriptedTransport { request in
            requests.withLock { $0.append(request) }
            return QStashResponse(head: HTTPResponse(status: .ok), body: Array(TestContext.keysAnswer.utf8))
        }
        let context = TestContext(environment: environment, transport: transport)
        let access = try ServerOptions.parse(arguments).access(in: context.value)
        _ = try await access.client.signingKeys.get()
        let request = try #require(requests.withLock { $0.first })
        return (request.head.headerFields[.authorization], request.head.authority, access.origin.description)
    }

    @Test func theEnvironmentIsEnough() async throws {
        let sent = try await sent([], ["QSTASH_TOKEN": "one", "QSTASH_URL": "https://q.example.com"])
        #expect(sent.authorization == "Bearer one")
        #expect(sent.authority == "q.example.com")
        #expect(sent.origin == "QSTASH_TOKEN")
    }

    @Test func aTokenWithoutAURLBelongsToTheCloud() async throws {
        #expect(try await sent([], ["QSTASH_TOKEN": "one"]).authority == "qstash.upstash.io")
    }

    @Test func aRegionsPairIsNamedAsTheOrigin() async throws {
        let sent = try await sent(
            [],
            [
                "QSTASH_REGION": "us-east-1", "US_EAST_1_QSTASH_URL": "https://us.example.com",
                "US_EAST_1_QSTASH_TOKEN": "two", "QSTASH_TOKEN": "one",
            ]
        )
        #expect(sent.authorization == "Bearer two")
        #expect(sent.authority == "us.example.com")
        #expect(sent.origin == "US_EAST_1_QSTASH_TOKEN")
    }

    @Test func aTokenFileWinsOverTheEnvironment() async throws {
        let folder = try Folder(token: "from-file")
        let sent = try await sent(
            ["--token-file", folder.path + "/token"],
            ["QSTASH_TOKEN": "one", "QSTASH_URL": "https://q.example.com"]
        )
        #expect(sent.authorization == "Bearer from-file")
        #expect(sent.authority == "q.example.com")
        #expect(sent.origin.contains("/token"))
    }

    @Test func theTokenOfADataFolderNeverFollowsQSTASHURL() async throws {
        let folder = try Folder(token: "local")
        let sent = try await sent(["--data", folder.path], ["QSTASH_URL": "https://q.example.com"])
        #expect(sent.authorization == "Bearer local")
        #expect(sent.authority == "127.0.0.1:8080")
    }

    @Test func theLocalServersTokenIsFoundWhenNothingIsSaid() async throws {
        let folder = try Folder(token: "local")
        let sent = try await sent(["--url", "http://localhost:9090"], ["POSTRIDER_DATA": folder.path])
        #expect(sent.authorization == "Bearer local")
        #expect(sent.authority == "localhost:9090")
    }

    @Test(arguments: [
        ["--url", "https://q.example.com"], ["--url", "http://127.0.0.1.example.com"], ["--url", "http://1270.0.0.1"],
    ])
    func theLocalServersTokenNeverLeavesTheMachine(arguments: [String]) throws {
        let folder = try Folder(token: "local")
        let context = TestContext(environment: ["POSTRIDER_DATA": folder.path])
        let failure = #expect(throws: CommandFailure.self) {
            try ServerOptions.parse(arguments).client(in: context.value)
        }
        #expect(failure?.code == "credentials_missing")
        #expect(failure?.status == .configuration)
    }

    @Test func theDevelopmentTokenNeverGoesToAnotherServer() throws {
        let context = TestContext(environment: ["QSTASH_DEV": "true"])
        let failure = #expect(throws: CommandFailure.self) {
            try ServerOptions.parse(["--url", "https://q.example.com"]).client(in: context.value)
        }
        #expect(failure?.code == "credentials_missing")
        #expect(try ServerOptions.parse([]).client(in: context.value).baseURL == "http://127.0.0.1:8080")
    }

    @Test func aTokenComesThroughAPipeToo() async throws {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data("from-pipe\n".utf8))
        try pipe.fileHandleForWriting.close()
        let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
        let sent = try await sent(["--token-file", path], ["QSTASH_URL": "https://q.example.com"])
        #expect(sent.authorization == "Bearer from-pipe")
        try pipe.fileHandleForReading.close()
    }

    @Test func aTokenThroughAPipeIsReadOnceForSeveralClients() throws {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data("from-pipe\n".utf8))
        try pipe.fileHandleForWriting.close()
        let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
        let context = TestContext().value
        let login = try ServerOptions.parse(["--token-file", path]).login(in: context)
        _ = try login.access(in: context)
        #expect(try login.access(in: context, configuration: .init(retry: .never)).origin.description.contains(path))
        try pipe.fileHandleForReading.close()
    }

    @Test(arguments: ["--url", "--token-file", "--data"])
    func whatIsEmptyIsRefused(option: String) {
        #expect(throws: (any Error).self) { try ServerOptions.parse([option, ""]) }
    }

    @Test(arguments: [(true, QStashError.Code.timedOut), (false, .unreachable)])
    func aServerThatDoesNotAnswerIsNamed(isTimeout: Bool, code: QStashError.Code) async throws {
        let transport = ScriptedTransport(
            failing: QStashTransportError(reach: .unsent, isTimeout: isTimeout, detail: "no connection to the server")
        )
        let context = TestContext(environment: ["QSTASH_TOKEN": "t"], transport: transport).value
        let client = try ServerOptions.parse(["--url", "http://127.0.0.1:8099"])
            .access(in: context, configuration: .init(retry: .never)).client
        let error = await #expect(throws: QStashError.self) { _ = try await client.signingKeys.get() }
        #expect(error?.code == code)
        #expect(error?.detail == "no connection to the server (http://127.0.0.1:8099)")
    }

    @Test(arguments: [
        ("https://a.test", true), ("HTTP://a.test", true), ("httpx://a.test", false), ("http-evil://a.test", false),
        ("https://", false), ("a.test", false),
    ])
    func aPublicURLIsHTTP(url: String, isHTTP: Bool) {
        #expect(ServerURL(url).isHTTP == isHTTP)
        #expect(((try? ListenCommand.parse(["--public-url", url])) != nil) == isHTTP)
        #expect(((try? DoctorCommand.parse(["--public-url", url])) != nil) == isHTTP)
    }

    @Test func aFileThatCannotBeReadIsNamed() throws {
        let failure = #expect(throws: CommandFailure.self) {
            try ServerOptions.parse(["--token-file", "/nowhere/token"]).client(in: TestContext().value)
        }
        #expect(failure?.message.contains("/nowhere/token") == true)
        #expect(failure?.message.hasSuffix("No such file or directory") == true)
        let folder = #expect(throws: CommandFailure.self) {
            try ServerOptions.parse(["--token-file", "/"]).client(in: TestContext().value)
        }
        #expect(folder?.message.hasSuffix("Is a directory") == true)
    }

    @Test func aFileWithMoreThanATokenIsRefusedWithoutShowingIt() throws {
        let folder = try Folder(token: "TOKEN = secret")
        let failure = #expect(throws: CommandFailure.self) {
            try ServerOptions.parse(["--data", folder.path]).client(in: TestContext().value)
        }
        #expect(failure?.description.contains("secret") == false)
    }

    @Test(arguments: [
        ("http://127.0.0.1:8080", true), ("http://localhost", true), ("http://[::1]:80/x", true),
        ("http://LOCALHOST/", true),
        ("http://127.0.0.1.example.com", false), ("https://localhost.example.com", false), ("http://10.0.0.1", false),
        ("http://[::2]", false), ("https://127.example.com", false),
    ])
    func theServersPlaceIsReadFromItsURL(url: String, isLoopback: Bool) {
        #expect(ServerURL(url).isLoopback == isLoopback)
    }
}
