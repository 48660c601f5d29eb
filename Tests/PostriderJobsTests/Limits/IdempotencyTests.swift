import Logging
import PostriderJobs
import PostriderJobsConformance
import Synchronization
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct IdempotencyTests {
    private struct Failed: Error {}

    private let clock = ManualJobClock(now: Date(timeIntervalSince1970: 1_750_000_000))
    private let alerts = AlertLog()

    private func idempotency(_ ledger: any DeliveryLedger, failsOpen: Bool = true) -> Idempotency {
        let count = Mutex<UInt8>(0)
        return Idempotency(
            ledger: ledger,
            clock: clock,
            failsOpen: failsOpen,
            randomBytes: { length in
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                return Array(repeating: number, count: length)
            },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onAlert: { [alerts] in alerts.add($0) }
        )
    }

    @Test func whatWasDoneIsNotDoneAgainForADay() async throws {
        let idempotency = idempotency(JobStorage.inMemory().ledger)
        #expect(try await idempotency.once("mail:1") { 1 } == 1)
        #expect(try await idempotency.once("mail:1") { 2 } == nil)
        clock.advance(by: .seconds(86_399))
        #expect(try await idempotency.once("mail:1") { 3 } == nil)
        clock.advance(by: .seconds(2))
        #expect(try await idempotency.once("mail:1") { 4 } == 4)
    }

    @Test func aFailureGivesTheClaimBack() async throws {
        let idempotency = idempotency(JobStorage.inMemory().ledger)
        await #expect(throws: Failed.self) { try await idempotency.once("mail:1") { throw Failed() } }
        #expect(try await idempotency.once("mail:1") { 2 } == 2)
    }

    @Test func itIsNotDoneTwiceAtATime() async throws {
        let idempotency = idempotency(JobStorage.inMemory().ledger)
        let results = try await idempotency.once("mail:1") { try await idempotency.once("mail:1") { 2 } }
        #expect(results == .some(nil))
    }

    @Test func itHappensWhileTheStoreIsDownAndAnAlertTellsSoOnceAMinute() async throws {
        let idempotency = idempotency(NoLedger())
        for number in 0..<5 {
            #expect(try await idempotency.once("mail:\(number)") { number } == number)
            #expect(try await idempotency.once("bill:\(number)") { number } == number)
        }
        #expect(alerts.names == ["idempotency.degraded mail", "idempotency.degraded bill"])
        clock.advance(by: .seconds(60))
        _ = try await idempotency.once("mail:9") { 9 }
        #expect(alerts.names.count == 3)
    }

    @Test func itFailsWhileTheStoreIsDownWhenItMustNotHappenTwice() async {
        let error = await #expect(throws: JobsError.self) {
            try await idempotency(NoLedger(), failsOpen: false).once("mail:1") { Issue.record("done all the same") }
        }
        #expect(error?.code == .storeUnavailable)
        #expect(alerts.names.isEmpty)
    }

    @Test func aCancelledCallerDoesNothingAndRaisesNoAlert() async throws {
        let ledger = CancelledLedger()
        await #expect(throws: CancellationError.self) {
            try await idempotency(ledger).once("mail:1") { Issue.record("done all the same") }
        }
        #expect(alerts.names.isEmpty)
        #expect(ledger.releasedCount == 1)
    }

    @Test(arguments: [(nil, true), ("", true), ("true", true), ("1", true), ("FALSE", false), ("0", false)])
    func theEnvironmentDecides(text: String?, expected: Bool) throws {
        let environment = text.map { ["IDEMPOTENCY_FAIL_OPEN": $0] } ?? [:]
        #expect(try Idempotency.failsOpen(in: environment) == expected)
    }

    @Test func anotherWordInTheEnvironmentIsRefused() {
        #expect(throws: JobsError.self) { try Idempotency.failsOpen(in: ["IDEMPOTENCY_FAIL_OPEN": "maybe"]) }
    }
}

/// Collects alerts.
final class AlertLog: Sendable {
    private let alerts = Mutex<[OperationalAlert]>([])

    func add(_ alert: OperationalAlert) { alerts.withLock { $0.append(alert) } }

    /// Name and attributes of each, in the order of their coming.
    var names: [String] {
        alerts.withLock { $0.map { ([$0.name] + $0.attributes.values.sorted()).joined(separator: " ") } }
    }
}

/// A ledger that nobody can reach.
struct NoLedger: DeliveryLedger {
    private let error = JobsError(.storeUnavailable, "down")

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

/// A ledger whose caller is cancelled while it claims something.
private final class CancelledLedger: DeliveryLedger {
    private let released = Mutex(0)

    var releasedCount: Int { released.withLock { $0 } }

    func acquire(_ lock: DeliveryLock, now: Date) async throws -> LockAcquisition { throw CancellationError() }
    func renew(_ lock: DeliveryLock, reservation: Reservation?, now: Date) async throws -> Bool {
        throw CancellationError()
    }
    func commit(_ completion: DeliveryCompletion) async throws -> Bool { throw CancellationError() }
    func release(_ release: DeliveryRelease) async throws -> Bool { throw CancellationError() }
    func releaseLocks(ofEarlierLivesOf instance: String, currentLife: String) async throws -> Int { 0 }
    func reserve(_ reservation: Reservation, now: Date) async throws -> ReservationResult { throw CancellationError() }
    func complete(_ reservation: Reservation, now: Date) async throws { throw CancellationError() }
    func release(_ reservation: Reservation) async throws { released.withLock { $0 += 1 } }
    func removeExpired(now: Date, limit: Int) async throws -> Int { 0 }
}
