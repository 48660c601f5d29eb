public import PostriderJobs
import PostriderSQL

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension SQLJobStorage: DeliveryLedger {
    /// How often a lock is asked for whose row changes while it is being looked at.
    private static let acquisitionsMax = 5

    /// Takes a lock.
    public func acquire(_ lock: DeliveryLock, now: Date) async throws -> LockAcquisition {
        try await transaction { transaction in
            var remaining: Int64 = 1
            for _ in 0..<Self.acquisitionsMax {
                if try LedgerRows.take(lock, now: now, in: transaction) { return .acquired }
                // Others may remove or take the row between the two statements; then the first is tried again.
                guard let row = try LedgerRows.delivery(lock.key, in: transaction) else { continue }
                remaining = row.expiresAt - Milliseconds.since1970(now)
                guard remaining > 0 else { continue }
                return row.isDone ? .done : .held(remaining: .milliseconds(remaining))
            }
            return .held(remaining: .milliseconds(max(1, remaining)))
        }
    }

    /// Lets a lock live for its whole time again.
    public func renew(_ lock: DeliveryLock, reservation: Reservation?, now: Date) async throws -> Bool {
        try await transaction { transaction in
            guard try LedgerRows.renew(lock, now: now, in: transaction) else { return false }
            if let reservation { try LedgerRows.renew(reservation, now: now, in: transaction) }
            return true
        }
    }

    /// Writes a completion.
    public func commit(_ completion: DeliveryCompletion) async throws -> Bool {
        try await transaction { try Self.write(completion, in: $0) }
    }

    /// Writes a completion as a part of a transaction.
    ///
    /// - Returns: False when the lock is no longer the owner's; nothing was changed then.
    static func write(_ completion: DeliveryCompletion, in transaction: SQLTransaction) throws -> Bool {
        let now = completion.now
        let isDone = try LedgerRows.finish(completion.lock, doneTTL: completion.doneTTL, now: now, in: transaction)
        guard isDone else { return false }
        if let reservation = completion.reservation {
            try LedgerRows.complete(reservation, now: now, in: transaction)
        }
        if let requestID = completion.requestID, let change = completion.recordChange {
            _ = try RecordRows.apply(change, to: requestID, now: now, in: transaction)
        }
        return true
    }

    /// Writes a release.
    public func release(_ release: DeliveryRelease) async throws -> Bool {
        try await transaction { transaction in
            guard try LedgerRows.release(release.lock, in: transaction) else { return false }
            if let reservation = release.reservation { try LedgerRows.release(reservation, in: transaction) }
            if let requestID = release.requestID, let change = release.recordChange {
                _ = try RecordRows.apply(change, to: requestID, now: release.now, in: transaction)
            }
            return true
        }
    }

    /// Frees the locks of earlier lives.
    public func releaseLocks(ofEarlierLivesOf instance: String, currentLife: String) async throws -> Int {
        try await transaction { transaction in
            try transaction.execute(
                """
                DELETE FROM job_delivery
                WHERE instance = \(instance) AND life <> \(currentLife) AND NOT is_done
                """
            )
        }
    }

    /// Claims a business event.
    public func reserve(_ reservation: Reservation, now: Date) async throws -> ReservationResult {
        try await transaction { transaction in
            try LedgerRows.take(reservation, now: now, in: transaction) ? .reserved : .duplicate
        }
    }

    /// Remembers a business event as done.
    public func complete(_ reservation: Reservation, now: Date) async throws {
        try await transaction { try LedgerRows.complete(reservation, now: now, in: $0) }
    }

    /// Gives a claim back.
    public func release(_ reservation: Reservation) async throws {
        try await transaction { try LedgerRows.release(reservation, in: $0) }
    }

    /// Forgets what has run out.
    public func removeExpired(now: Date, limit: Int) async throws -> Int {
        try await transaction { transaction in
            let count = try ExpiredRows.remove(
                from: "job_delivery",
                key: "key",
                now: now,
                limit: limit,
                in: transaction
            )
            let left = limit - count
            return count
                + (try ExpiredRows.remove(from: "job_reservation", key: "key", now: now, limit: left, in: transaction))
        }
    }
}
