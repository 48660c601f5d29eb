import PostriderJobs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Storage that nobody can reach.
struct DownStore: RateLimitStore, DeliveryLedger {
    private let error = JobsError(.storeUnavailable, "the store is down")

    func hit(_ key: String, limit: RateLimit, now: Date) async throws -> RateLimitDecision { throw error }

    func removeExpiredCounters(now: Date, limit: Int) async throws -> Int { throw error }

    func acquire(_ lock: DeliveryLock, now: Date) async throws -> LockAcquisition { throw error }

    func renew(_ lock: DeliveryLock, reservation: Reservation?, now: Date) async throws -> Bool { throw error }

    func commit(_ completion: DeliveryCompletion) async throws -> Bool { throw error }

    func release(_ release: DeliveryRelease) async throws -> Bool { throw error }

    func releaseLocks(ofEarlierLivesOf instance: String, currentLife: String) async throws -> Int { throw error }

    func reserve(_ reservation: Reservation, now: Date) async throws -> ReservationResult { throw error }

    func complete(_ reservation: Reservation, now: Date) async throws { throw error }

    func release(_ reservation: Reservation) async throws { throw error }

    func removeExpired(now: Date, limit: Int) async throws -> Int { throw error }
}
