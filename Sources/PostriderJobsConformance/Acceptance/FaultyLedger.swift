package import PostriderJobs
import Synchronization

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// A ledger that fails when it is told to, before or after it has done what it was asked.
package final class FaultyLedger: DeliveryLedger {
    /// What fails.
    package enum Verb: Sendable, Hashable { case acquire, renew, commit, release, reserve, complete }

    /// When it fails.
    package enum Moment: Sendable, Hashable {
        /// Nothing has been written.
        case beforeWrite
        /// Everything has been written, and only the answer is lost.
        case afterWrite
    }

    private let ledger: any DeliveryLedger
    private let faults: Mutex<[Verb: Moment]>
    private let hangs = Mutex<[Verb: Gate]>([:])
    private let counts = Mutex<[Verb: Int]>([:])

    /// A ledger that does what another does, but for some verbs.
    package init(_ ledger: any DeliveryLedger, failing faults: [Verb: Moment]) {
        self.ledger = ledger
        self.faults = Mutex(faults)
    }

    /// From now on only these verbs fail.
    package func set(_ faults: [Verb: Moment]) { self.faults.withLock { $0 = faults } }

    private func perform<Value>(_ verb: Verb, _ body: () async throws -> Value) async throws -> Value {
        let moment = faults.withLock { $0[verb] }
        counts.withLock { $0[verb, default: 0] += 1 }
        if moment == .beforeWrite { throw Self.down }
        await hangs.withLock { $0[verb] }?.wait()
        let value = try await body()
        if moment == .afterWrite { throw Self.down }
        return value
    }

    /// From now on the answers of this verb wait for a gate, before anything is written.
    package func hang(_ verb: Verb, at gate: Gate) { hangs.withLock { $0[verb] = gate } }

    /// Returns when a verb has been asked for so often.
    package func until(_ verb: Verb, _ count: Int) async {
        while self.count(of: verb) < count { await Task.yield() }
    }

    /// How often a verb was asked for.
    package func count(of verb: Verb) -> Int { counts.withLock { $0[verb] ?? 0 } }

    private static var down: JobsError { JobsError(.storeUnavailable, "the store is down, as it was told to be") }

    /// See the ledger within.
    package func acquire(_ lock: DeliveryLock, now: Date) async throws -> LockAcquisition {
        try await perform(.acquire) { try await ledger.acquire(lock, now: now) }
    }

    /// See the ledger within.
    package func renew(_ lock: DeliveryLock, reservation: Reservation?, now: Date) async throws -> Bool {
        try await perform(.renew) { try await ledger.renew(lock, reservation: reservation, now: now) }
    }

    /// See the ledger within.
    package func commit(_ completion: DeliveryCompletion) async throws -> Bool {
        try await perform(.commit) { try await ledger.commit(completion) }
    }

    /// See the ledger within.
    package func release(_ release: DeliveryRelease) async throws -> Bool {
        try await perform(.release) { try await ledger.release(release) }
    }

    /// See the ledger within.
    package func releaseLocks(ofEarlierLivesOf instance: String, currentLife: String) async throws -> Int {
        try await ledger.releaseLocks(ofEarlierLivesOf: instance, currentLife: currentLife)
    }

    /// See the ledger within.
    package func reserve(_ reservation: Reservation, now: Date) async throws -> ReservationResult {
        try await perform(.reserve) { try await ledger.reserve(reservation, now: now) }
    }

    /// See the ledger within.
    package func complete(_ reservation: Reservation, now: Date) async throws {
        try await perform(.complete) { try await ledger.complete(reservation, now: now) }
    }

    /// See the ledger within.
    package func release(_ reservation: Reservation) async throws {
        try await perform(.release) { try await ledger.release(reservation) }
    }

    /// See the ledger within.
    package func removeExpired(now: Date, limit: Int) async throws -> Int {
        try await ledger.removeExpired(now: now, limit: limit)
    }
}
