package import AsyncHTTPClient
import HTTPTypes
package import Logging
package import QStash

/// Clients and receivers, set up.
package enum ConfigurationTour {
    /// By environment variables, which are those of the process unless others are given.
    package static func environment(_ environment: [String: String]) throws -> (QStashClient, QStashReceiver) {
        let client = try QStashClient(environment: environment)
        let receiver = try QStashReceiver(environment: environment)
        return (client, receiver)
    }

    /// In code.
    package static func explicit(
        token: String,
        current: String,
        next: String
    ) throws -> (QStashClient, QStashReceiver) {
        let client = try QStashClient(token: token, baseURL: "https://postrider.example.com")
        let receiver = try QStashReceiver(currentSigningKey: current, nextSigningKey: next, clockTolerance: .seconds(5))
        return (client, receiver)
    }

    /// A region of the cloud.
    package static func region(token: String) throws -> QStashClient {
        let client = try QStashClient(environment: [
            "QSTASH_REGION": "US_EAST_1",
            "US_EAST_1_QSTASH_URL": "https://qstash-us-east-1.upstash.io",
            "US_EAST_1_QSTASH_TOKEN": token,
        ])
        return client
    }

    /// Bounds, a header for every destination, no telemetry.
    package static func configuration() -> QStashClient.Configuration {
        let configuration = QStashClient.Configuration(
            timeout: .seconds(10),
            headers: [.acceptLanguage: "de"],
            sendsTelemetry: false
        )
        return configuration
    }

    /// A client that notes at debug level which calls it repeats, and warns of settings that it passes over.
    package static func logged(
        environment: [String: String],
        configuration: QStashClient.Configuration,
        transport: any QStashTransport,
        logger: Logger
    ) throws -> QStashClient {
        let client = try QStashClient(
            environment: environment,
            configuration: configuration,
            transport: transport,
            logger: logger
        )
        return client
    }

    /// An HTTP client of one's own: for a proxy, for certificates, for other bounds on connections.
    ///
    /// It must not follow redirects, because the token would travel along.
    package static func ownHTTPClient(
        environment: [String: String],
        settings: HTTPClient.Configuration,
        work: (QStashClient) async throws -> Void
    ) async throws {
        var settings = settings
        settings.redirectConfiguration = .disallow
        let httpClient = HTTPClient(configuration: settings)
        let client = try QStashClient(environment: environment, transport: HTTPClientTransport(httpClient))
        do {
            try await work(client)
        } catch {
            try await httpClient.shutdown()
            throw error
        }
        try await httpClient.shutdown()
    }
}
