#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Remembers which deliveries run and which are done, and which business events are claimed (application reference, 2.2 and 2.3).
///
/// Each verb is one atomic step, whoever else calls. `now` comes from the caller, whose clock may differ a little from others'.
/// Anything thrown means that nobody knows whether the step was done; the framework fails closed then, and the broker tries again.
public protocol DeliveryLedger: Sendable {
    /// Takes the lock when it is free, has run out, or is held by the same owner; tells otherwise who has it.
    func acquire(_ lock: DeliveryLock, now: Date) async throws -> LockAcquisition

    /// Lets the lock, and the reservation if there is one, live for their whole time again.
    ///
    /// - Returns: False when the lock is no longer the owner's; nothing was changed then.
    func renew(_ lock: DeliveryLock, reservation: Reservation?, now: Date) async throws -> Bool

    /// Writes a completion: done marker, reservation and the end of the job record.
    ///
    /// - Returns: False when the lock is no longer the owner's; nothing was changed then.
    func commit(_ completion: DeliveryCompletion) async throws -> Bool

    /// Writes a release: frees the lock, gives the reservation back unless it is another's or done, and ends the job record if it is to end.
    ///
    /// A lock that has run out is its owner's as long as nobody else has taken it.
    ///
    /// - Returns: False when the lock is no longer the owner's, is done, or is forgotten; nothing was changed then, the reservation included:
    ///   another delivery of the message may be at work under it.
    func release(_ release: DeliveryRelease) async throws -> Bool

    /// Frees all locks that earlier lives of an instance held: a process that starts knows that nobody works on them.
    ///
    /// - Returns: How many there were.
    func releaseLocks(ofEarlierLivesOf instance: String, currentLife: String) async throws -> Int

    /// Claims a business event.
    func reserve(_ reservation: Reservation, now: Date) async throws -> ReservationResult

    /// Remembers a business event as done; without effect when it is somebody else's.
    func complete(_ reservation: Reservation, now: Date) async throws

    /// Gives a claim back after a failure; without effect when it is somebody else's or done.
    func release(_ reservation: Reservation) async throws

    /// Forgets locks, markers and reservations that have run out.
    ///
    /// - Parameter limit: How many rows to look at, at most.
    /// - Returns: How many were forgotten.
    func removeExpired(now: Date, limit: Int) async throws -> Int
}
