import AsyncHTTPClient
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import InMemoryLogging
import Logging
import PostriderTestKit
import QStash
import Synchronization
import Testing
import Tour

/// Which server is meant, and how calls get there.
@Suite struct ConfigurationTests {
    @Test func oneVariableSwitchesBetweenTheCloudAndAServerOnThisMachine() async throws {
        let cloud = [
            "QSTASH_TOKEN": "secret", "QSTASH_CURRENT_SIGNING_KEY": "sig_1", "QSTASH_NEXT_SIGNING_KEY": "sig_2",
        ]
        let development = cloud.merging(["QSTASH_DEV": "true"]) { $1 }
        let own = cloud.merging(["QSTASH_URL": "https://postrider.example.com"]) { $1 }
        #expect(try ConfigurationTour.environment(cloud).0.baseURL == "https://qstash.upstash.io")
        #expect(try ConfigurationTour.environment(development).0.baseURL == "http://127.0.0.1:8080")
        #expect(try ConfigurationTour.environment(own).0.baseURL == "https://postrider.example.com")
    }

    @Test func aClientIsSetUpInCode() async throws {
        let broker = TestBroker()
        let current = try #require(broker.environment["QSTASH_CURRENT_SIGNING_KEY"])
        let next = try #require(broker.environment["QSTASH_NEXT_SIGNING_KEY"])
        let (client, receiver) = try ConfigurationTour.explicit(token: broker.token, current: current, next: next)
        #expect(client.baseURL == "https://postrider.example.com")
        #expect(throws: SignatureVerificationError(.tokenMissing)) { try receiver.verify("", signature: nil) }
    }

    @Test func aRegionHasItsOwnServer() throws {
        #expect(try ConfigurationTour.region(token: "secret").baseURL == "https://qstash-us-east-1.upstash.io")
    }

    @Test func whatIsConfiguredGoesWithEveryMessage() async throws {
        let broker = TestBroker()
        let client = try ConfigurationTour.logged(
            environment: broker.environment,
            configuration: ConfigurationTour.configuration(),
            transport: broker.transport,
            logger: Logger(label: "test")
        )
        _ = try await PublishTour.one(client)
        try await broker.settle()
        #expect(broker.deliveries.map { $0.headers[.acceptLanguage] } == ["de"])
    }

    @Test func settingsThatArePassedOverAreLogged() throws {
        let broker = TestBroker()
        let handler = InMemoryLogHandler()
        let environment = broker.environment.merging(["QSTASH_REGION": "US_EAST_1"]) { $1 }
        _ = try ConfigurationTour.logged(
            environment: environment,
            configuration: QStashClient.Configuration(),
            transport: broker.transport,
            logger: Logger(label: "test") { _ in handler }
        )
        #expect(handler.entries.map(\.level) == [.warning])
    }

    @Test func anHTTPClientOfOnesOwnMakesTheCalls() async throws {
        let router = Router()
        router.get("v2/keys") { request, _ -> String in
            #expect(request.headers[.authorization] == "Bearer secret")
            return #"{"current":"sig_1","next":"sig_2"}"#
        }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await application.test(.live) { server in
            let port = try #require(server.port)
            let environment = ["QSTASH_TOKEN": "secret", "QSTASH_URL": "http://127.0.0.1:\(port)"]
            try await ConfigurationTour.ownHTTPClient(
                environment: environment,
                settings: HTTPClient.Configuration()
            ) { client in
                let keys = try await client.signingKeys.get()
                #expect(keys.current == "sig_1")
            }
        }
    }

    @Test func aTransportOfOnesOwnStandsInBetween() async throws {
        let broker = TestBroker()
        let reports = Mutex<[HTTPResponse.Status]>([])
        let client = try QStashClient(
            environment: broker.environment,
            transport: TimedTransport(over: broker.transport) { status, duration in
                reports.withLock { $0.append(status) }
                #expect(duration >= .zero)
            }
        )
        _ = try await PublishTour.one(client)
        await #expect(throws: QStashError.self) { try await client.messages.get("msg_unknown") }
        #expect(reports.withLock { $0 } == [.ok, .notFound])
    }
}
