import Logging
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Something an operator should know of at once (application reference, 2.1, 2.3, 2.6).
public struct OperationalAlert: Sendable, Hashable {
    /// How bad it is.
    public enum Severity: String, Sendable, Hashable {
        /// Works, but not as it should.
        case warning
        /// Does not work.
        case error
    }

    /// What happened: `qstash.next_signing_key_missing`, `qstash.dlq_entry_created`, `qstash.dlq_threshold_exceeded`, `idempotency.degraded`.
    public let name: String

    /// How bad it is.
    public let severity: Severity

    /// Details with few values, such as the job type; no ids, no payloads.
    public let attributes: [String: String]

    /// An alert.
    public init(name: String, severity: Severity, attributes: [String: String] = [:]) {
        self.name = name
        self.severity = severity
        self.attributes = attributes
    }
}

/// Tells alerts: to the log, and to whom the configuration names; the same one not too often.
final class OperationalAlerts: Sendable {
    private let onAlert: (@Sendable (OperationalAlert) -> Void)?

    /// When each alert was told last, by name and scope.
    private let told = Mutex<[String: Date]>([:])

    /// How many scopes are remembered: they come from names in code, but nothing should grow without end.
    private static let scopesMax = 1_000

    init(onAlert: (@Sendable (OperationalAlert) -> Void)? = nil) {
        self.onAlert = onAlert
    }

    /// Tells an alert.
    ///
    /// - Parameters:
    ///   - period: How long the same alert is not told again; nil to tell it always.
    ///   - scope: What counts as the same, beside the name.
    func raise(
        _ alert: OperationalAlert,
        atMostEvery period: Duration? = nil,
        scope: String = "",
        now: Date,
        logger: Logger
    ) {
        if let period, !isDue("\(alert.name) \(scope)", period, now) { return }
        var metadata: Logger.Metadata = ["alert": "\(alert.name)"]
        for (name, value) in alert.attributes { metadata[name] = "\(value)" }
        logger.log(level: alert.severity == .error ? .error : .warning, "operational alert", metadata: metadata)
        onAlert?(alert)
    }

    private func isDue(_ key: String, _ period: Duration, _ now: Date) -> Bool {
        told.withLock { told in
            if let last = told[key], last <= now, now < last.adding(period) { return false }
            if told.count >= Self.scopesMax { told.removeAll() }
            told[key] = now
            return true
        }
    }
}
