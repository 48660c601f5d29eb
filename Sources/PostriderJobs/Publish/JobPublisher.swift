public import Logging
public import QStash
public import Tracing

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Publishes jobs to the broker, which delivers them to the application's own endpoints (application reference, section 3).
///
/// ```swift
/// let publisher = try JobPublisher(client: QStashClient(), origin: "https://app.example.com")
/// try await publisher.publish(ResizeImage(imageID: "a", width: 10))
/// ```
public struct JobPublisher: Sendable {
    /// What a publisher insists on.
    public struct Rules: Sendable, Hashable {
        /// Whether every job must have a deduplication id.
        public var requiresDeduplicationID: Bool

        /// The labels there are: every job must carry one of them; nil allows any, or none.
        public var canonicalLabels: Set<String>?

        /// Rules.
        public init(requiresDeduplicationID: Bool = false, canonicalLabels: Set<String>? = nil) {
            self.requiresDeduplicationID = requiresDeduplicationID
            self.canonicalLabels = canonicalLabels
        }

        /// Nothing is insisted on.
        public static let none = Rules()
    }

    /// The way to the broker.
    public let client: QStashClient

    /// Where the jobs' endpoints are, without a final `/`; nil when it is not known: then nothing can be published.
    public let origin: String?

    /// What it insists on.
    public var rules: Rules

    /// Where it keeps the records of tracked jobs; nil until it is part of a ``JobServer``.
    public internal(set) var records: (any JobRecordStore)?

    var clock: any JobClock = SystemJobClock()
    var randomBytes: @Sendable (Int) -> [UInt8] = SystemRandomness.bytes
    var telemetryHash = TelemetryHash(secret: nil)
    var tracer: (any Tracer)?
    var logger: Logger

    /// A publisher for one application.
    ///
    /// - Parameters:
    ///   - origin: By which the broker reaches the application, such as `https://app.example.com`; nil when it is not known.
    ///   - records: Where the records of tracked jobs are kept; that of the server when it becomes part of one.
    ///   - telemetryHashSecret: With it deduplication ids appear in telemetry as hashes.
    ///   - tracer: Where spans go; nil for the tracer of the process.
    /// - Throws: ``JobsError`` with code `configuration_invalid` when the origin is none.
    public init(
        client: QStashClient,
        origin: String?,
        rules: Rules = .none,
        records: (any JobRecordStore)? = nil,
        telemetryHashSecret: String? = nil,
        tracer: (any Tracer)? = nil,
        logger: Logger = Logger(label: "postrider.jobs.publisher")
    ) throws(JobsError) {
        if let origin, !PublicOrigin.isValid(origin) {
            throw JobsError(.configurationInvalid, "origin must be http:// or https:// and a host, and nothing else")
        }
        self.client = client
        self.origin = origin
        self.rules = rules
        self.records = records
        self.telemetryHash = TelemetryHash(secret: telemetryHashSecret)
        self.tracer = tracer
        self.logger = logger
    }

    /// A publisher by environment variables; nil when `QSTASH_TOKEN` is not set, because then there is no broker to publish to.
    ///
    /// `QSTASH_URL` may end in `/v2/publish`, as older settings do; the origin is that of ``PublicOrigin``.
    ///
    /// - Throws: ``JobsError`` or `QStashError` naming the variable that is wrong.
    public init?(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        var environment = environment
        for name in environment.keys where name.hasSuffix("QSTASH_URL") {
            environment[name] = environment[name].map(Self.baseURL)
        }
        do {
            self.init(
                client: try QStashClient(environment: environment),
                checkedOrigin: try PublicOrigin.origin(in: environment),
                telemetryHashSecret: environment["TELEMETRY_HASH_SECRET"]
            )
        } catch let error as QStashError where error.option == "QSTASH_TOKEN" && environment.lacksToken {
            return nil
        }
    }

    private init(client: QStashClient, checkedOrigin origin: String, telemetryHashSecret: String?) {
        self.client = client
        self.origin = origin
        self.rules = .none
        self.telemetryHash = TelemetryHash(secret: telemetryHashSecret)
        self.logger = Logger(label: "postrider.jobs.publisher")
    }

    /// A broker's URL without the path that older settings have at its end (application reference, 13 #23).
    static func baseURL(_ text: String) -> String {
        var text = text[...]
        while text.hasSuffix("/") { text = text.dropLast() }
        return String(text.hasSuffix("/v2/publish") ? text.dropLast("/v2/publish".count) : text)
    }

    /// Becomes part of a server: goes by its clock, and keeps records where it does, unless it was told otherwise.
    mutating func adopt(
        records: any JobRecordStore,
        clock: any JobClock,
        randomBytes: @escaping @Sendable (Int) -> [UInt8],
        telemetryHash: TelemetryHash,
        tracer: (any Tracer)?,
        logger: Logger
    ) {
        self.records = self.records ?? records
        self.clock = clock
        self.randomBytes = randomBytes
        if self.telemetryHash.hash("") == nil { self.telemetryHash = telemetryHash }
        self.tracer = self.tracer ?? tracer
        self.logger = logger
    }
}

extension [String: String] {
    fileprivate var lacksToken: Bool { self["QSTASH_TOKEN"]?.isEmpty ?? true }
}

extension JobPublisher: CustomStringConvertible, CustomReflectable {
    /// The origin alone.
    public var description: String { "JobPublisher(\(origin ?? "no origin"))" }

    /// The origin alone, so that a dump shows no token.
    public var customMirror: Mirror { Mirror(self, children: ["origin": origin ?? ""]) }
}
