import PostriderJobs
import PostriderJobsConformance
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct HookAcceptanceTests {
    @Test(arguments: AcceptanceCase.hooks)
    func holdsInMemory(_ acceptance: AcceptanceCase) async {
        await #expect(throws: Never.self) { try await acceptance.run(.inMemory()) }
    }

    @Test func theCaseOfReleasesNoticesReservationsThatStay() async throws {
        let acceptance = try #require(AcceptanceCase.hooks.first { $0.name == "handler 5xx releases" })
        var storage = JobStorage.inMemory()
        storage.ledger = KeepingLedger(ledger: storage.ledger)
        await #expect(throws: AcceptanceViolation.self) { try await acceptance.run(storage) }
    }

    @Test func everyCaseHasANameOfItsOwn() {
        #expect(Set(AcceptanceCase.hooks.map { $0.name }).count == AcceptanceCase.hooks.count)
    }
}

/// A ledger that gives no reservation back.
private struct KeepingLedger: DeliveryLedger {
    let ledger: any DeliveryLedger

    func acquire(_ lock: DeliveryLock, now: Date) async throws -> LockAcquisition {
        try await ledger.acquire(lock, now: now)
    }
    func renew(_ lock: DeliveryLock, reservation: Reservation?, now: Date) async throws -> Bool {
        try await ledger.renew(lock, reservation: reservation, now: now)
    }
    func commit(_ completion: DeliveryCompletion) async throws -> Bool { try await ledger.commit(completion) }
    func release(_ release: DeliveryRelease) async throws -> Bool {
        try await ledger.release(DeliveryRelease(lock: release.lock, reservation: nil, now: release.now))
    }
    func releaseLocks(ofEarlierLivesOf instance: String, currentLife: String) async throws -> Int { 0 }
    func reserve(_ reservation: Reservation, now: Date) async throws -> ReservationResult {
        try await ledger.reserve(reservation, now: now)
    }
    func complete(_ reservation: Reservation, now: Date) async throws {
        try await ledger.complete(reservation, now: now)
    }
    func release(_ reservation: Reservation) async throws {}
    func removeExpired(now: Date, limit: Int) async throws -> Int { 0 }
}
