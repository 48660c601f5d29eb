import HTTPTypes
import InMemoryLogging
import Logging
import QStash
import Testing

/// Which server and token the environment asks for (wire reference, section 24.2).
@Suite struct EnvironmentTests {
    @Test(arguments: [
        (["QSTASH_TOKEN": "t"], "https://qstash.upstash.io", "t"),
        (["QSTASH_TOKEN": "t", "QSTASH_URL": ""], "https://qstash.upstash.io", "t"),
        (["QSTASH_TOKEN": "t", "QSTASH_URL": "https://q.example.com/"], "https://q.example.com", "t"),
        // A region counts when its pair is complete.
        (
            [
                "QSTASH_REGION": "US_EAST_1", "US_EAST_1_QSTASH_URL": "https://us.example.com",
                "US_EAST_1_QSTASH_TOKEN": "us", "QSTASH_TOKEN": "t",
            ], "https://us.example.com", "us"
        ),
        (
            [
                "QSTASH_REGION": "eu-central-1", "EU_CENTRAL_1_QSTASH_URL": "https://eu.example.com",
                "EU_CENTRAL_1_QSTASH_TOKEN": "eu",
            ], "https://eu.example.com", "eu"
        ),
        (
            ["QSTASH_REGION": "US_EAST_1", "US_EAST_1_QSTASH_URL": "https://us.example.com", "QSTASH_TOKEN": "t"],
            "https://qstash.upstash.io", "t"
        ),
        (
            [
                "EU_CENTRAL_1_QSTASH_URL": "https://eu.example.com", "EU_CENTRAL_1_QSTASH_TOKEN": "eu",
                "QSTASH_TOKEN": "t",
            ], "https://qstash.upstash.io", "t"
        ),
        (["QSTASH_REGION": "MARS_1", "QSTASH_TOKEN": "t"], "https://qstash.upstash.io", "t"),
        // The development server wins over everything.
        (
            ["QSTASH_DEV": "true", "QSTASH_TOKEN": "t", "QSTASH_URL": "https://q.example.com"],
            "http://127.0.0.1:8080", developmentToken
        ),
        (["QSTASH_DEV": "1", "QSTASH_DEV_PORT": "9000"], "http://127.0.0.1:9000", developmentToken),
        (["QSTASH_DEV": "false", "QSTASH_TOKEN": "t"], "https://qstash.upstash.io", "t"),
    ])
    func serverAndTokenAreChosenInOrder(environment: [String: String], url: String, token: String) async throws {
        let transport = ScriptedTransport(.text("[]"))
        let client = try QStashClient(environment: environment, transport: transport)
        #expect(client.baseURL == url)
        _ = try await client.queues.list()
        let head = try #require(transport.requests.first).head
        #expect(head.headerFields[.authorization] == "Bearer \(token)")
        #expect("\(head.scheme ?? "")://\(head.authority ?? "")" == url)
    }

    private static let developmentToken =
        "eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0="

    @Test(arguments: [
        ([:], "QSTASH_TOKEN"), (["QSTASH_TOKEN": ""], "QSTASH_TOKEN"),
        (["QSTASH_DEV": "1", "QSTASH_DEV_PORT": "0"], "QSTASH_DEV_PORT"),
        (["QSTASH_DEV": "1", "QSTASH_DEV_PORT": "80a"], "QSTASH_DEV_PORT"),
        (["QSTASH_DEV": "1", "QSTASH_DEV_PORT": "65536"], "QSTASH_DEV_PORT"),
        (["QSTASH_TOKEN": "t\n"], "QSTASH_TOKEN"),
        (["QSTASH_TOKEN": "t", "QSTASH_URL": "q.example.com"], "QSTASH_URL"),
        (
            ["QSTASH_REGION": "us-east-1", "US_EAST_1_QSTASH_URL": "https://q.test", "US_EAST_1_QSTASH_TOKEN": "t t"],
            "US_EAST_1_QSTASH_TOKEN"
        ),
        (
            ["QSTASH_REGION": "us-east-1", "US_EAST_1_QSTASH_URL": "https://q test", "US_EAST_1_QSTASH_TOKEN": "t"],
            "US_EAST_1_QSTASH_URL"
        ),
    ])
    func wrongVariableIsNamed(environment: [String: String], option: String) {
        let error = #expect(throws: QStashError.self) { try QStashClient(environment: environment) }
        #expect(error?.code == .configurationInvalid && error?.option == option)
    }

    @Test(arguments: [
        ["QSTASH_REGION": "US_EAST_1", "QSTASH_TOKEN": "secret"],
        ["QSTASH_REGION": "MARS_1", "QSTASH_TOKEN": "secret"],
    ])
    func regionThatIsPassedOverIsNoted(environment: [String: String]) throws {
        let handler = InMemoryLogHandler()
        _ = try QStashClient(
            environment: environment,
            transport: ScriptedTransport(),
            logger: Logger(label: "test") { _ in handler }
        )
        #expect(handler.entries.map(\.level) == [.warning])
        #expect(handler.entries.allSatisfy { !"\($0.message) \($0.metadata)".contains("secret") })
    }
}
