import QStashWire
public import Tracing

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension JobServer {
    /// What a server goes by.
    public struct Configuration: Sendable {
        /// The origin by which the broker calls this server, such as `https://app.example.com`: without a path or a final `/`.
        ///
        /// Signatures are checked against it, and not against the request's `Host`, so that it works behind a proxy.
        public var publicBaseURL: String

        /// The keys that deliveries are verified with.
        public var signingKeys: SigningKeySource

        /// Names this installation, the same over restarts; at most one process at a time may use it.
        ///
        /// With it ``JobServer/prepare()`` frees at once what a crashed life had locked. Nil when there is no such name.
        public var instance: String?

        /// Whether `X-Real-IP`, `X-Forwarded-For` and `CF-Connecting-IP` tell the address of the caller.
        public var trustsProxy = false

        /// With it, ids of users and the like appear in telemetry as hashes; nil leaves them out.
        public var telemetryHashSecret: String?

        /// The longest body of a job in bytes, unless the job says otherwise.
        public var bodyBytesMax = 65_536

        /// Publishes jobs for handlers; nil when they publish none.
        public var publisher: JobPublisher?

        /// How many streams of events may be open at a time.
        public var eventStreamsMax = 1_000

        /// How far this clock and the broker's may differ.
        public var clockTolerance: Duration = .seconds(30)

        /// Gets what an operator should know of at once, beside the log; must return quickly.
        public var onAlert: (@Sendable (OperationalAlert) -> Void)?

        /// Where spans go; nil for the tracer of the process.
        public var tracer: (any Tracer)?

        /// A configuration; every part but the origin has a default.
        ///
        /// - Parameter signingKeys: Those of the environment unless said otherwise.
        public init(publicBaseURL: String, signingKeys: SigningKeySource = .environment()) {
            self.publicBaseURL = publicBaseURL
            self.signingKeys = signingKeys
        }

        /// A configuration by environment variables (application reference, section 14).
        ///
        /// The origin by ``PublicOrigin``, `QSTASH_CURRENT_SIGNING_KEY` and `QSTASH_NEXT_SIGNING_KEY`, `TRUST_PROXY`,
        /// `TELEMETRY_HASH_SECRET`, and a publisher when `QSTASH_TOKEN` is set.
        ///
        /// - Throws: ``JobsError`` with code `configuration_invalid`, or what the client of the broker throws, naming the variable.
        public init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
            self.init(
                publicBaseURL: try PublicOrigin.origin(in: environment),
                signingKeys: .environment(environment)
            )
            trustsProxy = ["1", "true"].contains(environment["TRUST_PROXY"]?.lowercased())
            telemetryHashSecret = environment["TELEMETRY_HASH_SECRET"].flatMap { $0.isEmpty ? nil : $0 }
            publisher = try JobPublisher(environment: environment)
        }

        func check() throws(JobsError) {
            guard PublicOrigin.isValid(publicBaseURL) else {
                throw JobsError(
                    .configurationInvalid,
                    "publicBaseURL must be http:// or https:// and a host, without a path or a final /"
                )
            }
            guard bodyBytesMax > 0, eventStreamsMax >= 0, clockTolerance >= .zero else {
                throw JobsError(
                    .configurationInvalid,
                    "bodyBytesMax must be above zero, eventStreamsMax and clockTolerance not below it"
                )
            }
            guard instance.map({ !$0.isEmpty && $0.utf8.count <= 200 }) ?? true else {
                throw JobsError(.configurationInvalid, "instance must have 1 to 200 bytes")
            }
        }
    }
}

extension JobServer.Configuration: CustomStringConvertible, CustomReflectable {
    /// The origin: the rest may hold secrets.
    public var description: String { "Configuration(\(publicBaseURL))" }

    /// The origin alone, so that a dump shows no secret.
    public var customMirror: Mirror { Mirror(self, children: ["publicBaseURL": publicBaseURL]) }
}
