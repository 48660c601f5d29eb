import Logging
import Tracing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What every endpoint works with: the parts of a ``JobServer`` that came in from outside.
struct JobEnvironment: Sendable {
    let configuration: JobServer.Configuration
    let storage: JobStorage
    let clock: any JobClock
    /// So many bytes that nobody can guess.
    let randomBytes: @Sendable (Int) -> [UInt8]
    let identity: any IdentityProvider
    let logger: Logger
    /// Which records change, for those who watch in this process.
    let hub: JobRecordHub
    var alerts = OperationalAlerts()
    var telemetryHash = TelemetryHash(secret: nil)
    var receivers = ReceiverCache()
    /// The installation and this life of it, in the owner of every lock.
    var instance = ""
    var life = ""

    var now: Date { clock.now }

    /// Tells an alert, the same one not more often than `period`.
    func alert(_ alert: OperationalAlert, atMostEvery period: Duration? = nil, scope: String = "") {
        alerts.raise(alert, atMostEvery: period, scope: scope, now: now, logger: logger)
    }

    /// Runs something within a span of the configured tracer, or of the process's.
    func span<Value>(
        _ name: String,
        ofKind kind: SpanKind = .internal,
        _ body: (any Span) async throws -> Value
    ) async rethrows -> Value {
        let tracer: any Tracer = configuration.tracer ?? InstrumentationSystem.tracer
        return try await tracer.withAnySpan(name, ofKind: kind, body)
    }
}
