public import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Lets something happen once, for callers other than jobs and hooks, which have this built in (application reference, 2.3).
///
/// ```swift
/// let idempotency = Idempotency(ledger: storage.ledger, clock: clock, randomBytes: randomBytes, logger: logger)
/// let sent: Bool? = try await idempotency.once("invoice-mail:\(invoice.id)") { try await mail(invoice) }
/// // nil: it was sent before
/// ```
///
/// What is to happen is named by a business key, and claimed for a while; a failure gives the claim back.
public struct Idempotency: Sendable {
    /// Whether things happen while the store cannot be reached, perhaps twice; if not, they fail.
    public let failsOpen: Bool

    private let ledger: any DeliveryLedger
    private let clock: any JobClock
    private let randomBytes: @Sendable (Int) -> [UInt8]
    private let logger: Logger
    private let alerts: OperationalAlerts

    /// Idempotency on a ledger.
    ///
    /// - Parameters:
    ///   - failsOpen: Whether things happen while the store cannot be reached.
    ///   - randomBytes: So many bytes that nobody can guess; they tell claims apart.
    ///   - onAlert: Told of `idempotency.degraded`, at most once in 60 s for each namespace: the key up to its first colon.
    public init(
        ledger: any DeliveryLedger,
        clock: any JobClock,
        failsOpen: Bool = true,
        randomBytes: @escaping @Sendable (Int) -> [UInt8],
        logger: Logger,
        onAlert: (@Sendable (OperationalAlert) -> Void)? = nil
    ) {
        self.failsOpen = failsOpen
        self.ledger = ledger
        self.clock = clock
        self.randomBytes = randomBytes
        self.logger = logger
        self.alerts = OperationalAlerts(onAlert: onAlert)
    }

    /// What `IDEMPOTENCY_FAIL_OPEN` says; true when it is not set.
    ///
    /// - Throws: ``JobsError`` with code `configuration_invalid` for anything but `true`, `false`, `1` and `0`.
    public static func failsOpen(in environment: [String: String]) throws -> Bool {
        switch environment["IDEMPOTENCY_FAIL_OPEN"]?.lowercased() {
        case nil, "", "true", "1": true
        case "false", "0": false
        default: throw JobsError(.configurationInvalid, "IDEMPOTENCY_FAIL_OPEN must be true or false")
        }
    }

    /// Does something unless it was done before, or is being done.
    ///
    /// - Parameters:
    ///   - key: The business key, such as `invoice-mail:17`; at most 512 bytes, longer ones count by their hash.
    ///   - ttl: How long the claim lives while the work runs.
    ///   - doneTTL: How long the work is remembered once it is done.
    /// - Returns: What `work` returns; nil for a duplicate.
    /// - Throws: What `work` throws, after the claim was given back; ``JobsError`` with code `store_unavailable` when the store cannot be
    ///   reached and this does not fail open, or `CancellationError` when the task was cancelled before: `work` was not called then.
    public func once<Result: Sendable>(
        _ key: String,
        ttl: Duration = .seconds(300),
        doneTTL: Duration = .seconds(86_400),
        _ work: () async throws -> Result
    ) async throws -> Result? {
        let reservation = Reservation(
            key: "idemp:\(WebhookEventKey(key, isUnique: true).text)",
            owner: randomBytes(16).hexadecimal,
            ttl: ttl,
            doneTTL: doneTTL
        )
        do {
            guard try await ledger.reserve(reservation, now: clock.now) == .reserved else { return nil }
        } catch  where error is CancellationError || Task.isCancelled {
            // Says nothing about the store. Perhaps the claim was taken: then it is given back, or runs out.
            try? await outlivingCancellation { [ledger] in try await ledger.release(reservation) }
            throw CancellationError()
        } catch {
            try degraded(key)
        }
        do {
            let result = try await work()
            await settle(key) { [ledger, clock] in try await ledger.complete(reservation, now: clock.now) }
            return result
        } catch {
            await settle(key) { [ledger] in try await ledger.release(reservation) }
            throw error
        }
    }

    /// Writes how the work went; a store that fails now leaves the claim until it runs out.
    private func settle(_ key: String, _ write: @escaping @Sendable () async throws -> Void) async {
        do {
            try await outlivingCancellation(write)
        } catch {
            alert(key)
        }
    }

    private func degraded(_ key: String) throws {
        guard failsOpen else { throw JobsError(.storeUnavailable, "reservations cannot be reached") }
        alert(key)
    }

    private func alert(_ key: String) {
        let namespace = String(key.prefix { $0 != ":" }.prefix(64))
        alerts.raise(
            OperationalAlert(name: "idempotency.degraded", severity: .warning, attributes: ["namespace": namespace]),
            atMostEvery: .seconds(60),
            scope: namespace,
            now: clock.now,
            logger: logger
        )
    }
}
