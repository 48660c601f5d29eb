public import Logging

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Publishes messages to QStash or Postrider, and manages what becomes of them.
///
/// ```swift
/// let client = try QStashClient()  // QSTASH_TOKEN, and QSTASH_URL for another server than the cloud
/// let receipt = try await client.publish(
///     .json(["order": 7]),
///     to: "https://api.example.com/orders",
///     options: PublishOptions(delay: .seconds(60), retries: 5)
/// )
/// print(receipt.messageID)
/// ```
///
/// A client is a value over a shared pool of connections: keep one or make many, there is nothing to shut down. Calls may be made
/// from any number of tasks. Every call throws ``QStashError``, or `CancellationError` when its task was cancelled; what
/// cannot work is refused before anything is sent.
public struct QStashClient: Sendable {
    /// The address of the cloud, which is that of its EU region.
    public static let cloudURL = "https://qstash.upstash.io"

    /// The address of the server, without a slash at its end.
    public let baseURL: String

    /// Bounds, repetition and what goes with every publish.
    public internal(set) var configuration: Configuration

    let endpoint: ServerEndpoint
    let transport: any QStashTransport
    let logger: Logger

    /// A client of one server.
    ///
    /// - Parameters:
    ///   - token: The secret of the account; it goes out in `Authorization` and nowhere else.
    ///   - baseURL: `http://` or `https://`, host, and a port or path if need be.
    ///   - transport: The way to the server.
    ///   - logger: Where repetitions are noted, at debug level; nil for nowhere.
    /// - Throws: ``QStashError`` with code `configuration_invalid` naming the option.
    public init(
        token: String,
        baseURL: String = QStashClient.cloudURL,
        configuration: Configuration = Configuration(),
        transport: any QStashTransport = HTTPClientTransport.shared,
        logger: Logger? = nil
    ) throws {
        let endpoint = try ServerEndpoint(baseURL: baseURL, token: token)
        self.endpoint = endpoint
        self.baseURL = endpoint.text
        self.configuration = try configuration.checked()
        self.transport = transport
        self.logger = logger ?? Logger(label: "qstash") { _ in SwiftLogNoOpLogHandler() }
    }

    /// A client set up by environment variables, in the order of the JavaScript client (wire reference, section 24.2).
    ///
    /// `QSTASH_DEV=true` means a development server on 127.0.0.1 with its public token (`QSTASH_DEV_PORT`, 8080); else
    /// `QSTASH_REGION` chooses `EU_CENTRAL_1_QSTASH_URL` and `_TOKEN`, or those of `US_EAST_1`; else `QSTASH_URL` and `QSTASH_TOKEN`
    /// count. A region whose pair is incomplete is noted as a warning and passed over.
    ///
    /// - Throws: ``QStashError`` with code `configuration_invalid` naming the variable.
    public init(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        configuration: Configuration = Configuration(),
        transport: any QStashTransport = HTTPClientTransport.shared,
        logger: Logger? = nil
    ) throws {
        let credentials = try ServerCredentials(environment: environment)
        if let warning = credentials.warning { logger?.warning("\(warning)") }
        var configuration = configuration
        if environment["UPSTASH_DISABLE_TELEMETRY"].map(ServerCredentials.isTrue) == true {
            configuration.sendsTelemetry = false
        }
        do {
            try self.init(
                token: credentials.token,
                baseURL: credentials.baseURL,
                configuration: configuration,
                transport: transport,
                logger: logger
            )
        } catch var error as QStashError {
            switch error.option {
            case "token": error.option = credentials.tokenVariable
            case "baseURL": error.option = credentials.urlVariable
            default: break
            }
            throw error
        }
    }
}

extension QStashClient: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The server's address; never the token.
    public var description: String { "QStashClient(\(baseURL))" }

    /// The same text.
    public var debugDescription: String { description }

    /// The server's address alone, so that a dump does not show the token.
    public var customMirror: Mirror { Mirror(self, children: ["baseURL": baseURL]) }
}
