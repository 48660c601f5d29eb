import PostriderJobs
import PostriderSQL

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The statements on `job_delivery` and `job_reservation`: each changes a row only if it is whose it must be.
enum LedgerRows {
    /// Whose a row is: the lock's owner in all its parts.
    private static func isOwned(by owner: LockOwner) -> SQL {
        "instance = \(owner.instance) AND life = \(owner.life) AND token = \(owner.token) AND is_done = \(false)"
    }

    /// Takes a lock that is free, has run out, or is the owner's already.
    static func take(_ lock: DeliveryLock, now: Date, in transaction: SQLTransaction) throws -> Bool {
        let owner = lock.owner
        let row = try transaction.row(
            """
            INSERT INTO job_delivery AS held (key, instance, life, token, is_done, expires_at)
            VALUES (\(lock.key.storable), \(owner.instance), \(owner.life), \(owner.token), \(false),
                \(Milliseconds.end(of: lock.ttl, from: now)))
            ON CONFLICT (key) DO UPDATE
            SET instance = excluded.instance, life = excluded.life, token = excluded.token,
                is_done = excluded.is_done, expires_at = excluded.expires_at
            WHERE held.expires_at <= \(Milliseconds.since1970(now))
                OR (held.instance = excluded.instance AND held.life = excluded.life AND held.token = excluded.token
                    AND held.is_done = \(false))
            RETURNING expires_at
            """
        )
        return row != nil
    }

    /// What is known about a delivery; nil when nothing is.
    static func delivery(
        _ key: String,
        in transaction: SQLTransaction
    ) throws -> (isDone: Bool, expiresAt: Int64)? {
        let row = try transaction.row("SELECT is_done, expires_at FROM job_delivery WHERE key = \(key.storable)")
        return try row.map { (try $0.value("is_done"), try $0.value("expires_at")) }
    }

    static func renew(_ lock: DeliveryLock, now: Date, in transaction: SQLTransaction) throws -> Bool {
        let count = try transaction.execute(
            """
            UPDATE job_delivery SET expires_at = \(Milliseconds.end(of: lock.ttl, from: now))
            WHERE key = \(lock.key.storable) AND \(isOwned(by: lock.owner)) AND expires_at > \(Milliseconds.since1970(now))
            """
        )
        return count > 0
    }

    /// Makes a lock a done marker.
    static func finish(
        _ lock: DeliveryLock,
        doneTTL: Duration,
        now: Date,
        in transaction: SQLTransaction
    ) throws -> Bool {
        let count = try transaction.execute(
            """
            UPDATE job_delivery SET is_done = \(true), expires_at = \(Milliseconds.end(of: doneTTL, from: now))
            WHERE key = \(lock.key.storable) AND \(isOwned(by: lock.owner)) AND expires_at > \(Milliseconds.since1970(now))
            """
        )
        return count > 0
    }

    static func release(_ lock: DeliveryLock, in transaction: SQLTransaction) throws -> Bool {
        let count = try transaction.execute(
            "DELETE FROM job_delivery WHERE key = \(lock.key.storable) AND \(isOwned(by: lock.owner))"
        )
        return count > 0
    }

    /// Takes a reservation that is free, has run out, or is the owner's already and not done.
    static func take(_ reservation: Reservation, now: Date, in transaction: SQLTransaction) throws -> Bool {
        let row = try transaction.row(
            """
            INSERT INTO job_reservation AS held (key, owner, is_done, expires_at)
            VALUES (\(reservation.key.storable), \(reservation.owner.storable), \(false),
                \(Milliseconds.end(of: reservation.ttl, from: now)))
            ON CONFLICT (key) DO UPDATE
            SET owner = excluded.owner, is_done = excluded.is_done, expires_at = excluded.expires_at
            WHERE held.expires_at <= \(Milliseconds.since1970(now))
                OR (held.owner = excluded.owner AND held.is_done = \(false))
            RETURNING expires_at
            """
        )
        return row != nil
    }

    static func renew(_ reservation: Reservation, now: Date, in transaction: SQLTransaction) throws {
        try transaction.execute(
            """
            UPDATE job_reservation SET expires_at = \(Milliseconds.end(of: reservation.ttl, from: now))
            WHERE key = \(reservation.key.storable) AND owner = \(reservation.owner.storable) AND is_done = \(false)
                AND expires_at > \(Milliseconds.since1970(now))
            """
        )
    }

    /// Marks an event as done unless it is somebody else's.
    static func complete(_ reservation: Reservation, now: Date, in transaction: SQLTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO job_reservation AS held (key, owner, is_done, expires_at)
            VALUES (\(reservation.key.storable), \(reservation.owner.storable), \(true),
                \(Milliseconds.end(of: reservation.doneTTL, from: now)))
            ON CONFLICT (key) DO UPDATE
            SET owner = excluded.owner, is_done = excluded.is_done, expires_at = excluded.expires_at
            WHERE held.expires_at <= \(Milliseconds.since1970(now)) OR held.owner = excluded.owner
            """
        )
    }

    static func release(_ reservation: Reservation, in transaction: SQLTransaction) throws {
        try transaction.execute(
            """
            DELETE FROM job_reservation
            WHERE key = \(reservation.key.storable) AND owner = \(reservation.owner.storable) AND is_done = \(false)
            """
        )
    }
}
