import PostriderCore
import PostriderSimulation
import QStashWire
import Synchronization
import Testing

@testable import PostriderBroker

@Suite struct AdmissionTests {
    private let clock = VirtualClock(now: Timestamp(milliseconds: 0))
    private let scheduler: Scheduler
    private let admission: Admission

    init() {
        var limits = Admission.Limits()
        limits.requestsMax = 2
        limits.requestBytesMax = 100
        limits.startableMax = 3
        limits.waitMilliseconds = 1_000
        scheduler = Scheduler(limits: SchedulerLimits(), clock: clock, isAfterUncleanStop: false)
        admission = Admission(limits: limits, scheduler: scheduler, clock: clock)
    }

    private func code(_ body: () async throws -> Void) async -> BrokerError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? BrokerError)?.code
        }
    }

    private func message(_ number: Int64, delay: Int64 = 0) throws -> Message {
        Message(
            key: MessageKey(rawValue: number),
            account: .standard,
            destination: try DestinationURL(parsing: "https://one.test/"),
            createdAt: clock.now,
            notBefore: clock.now.adding(milliseconds: delay),
            settings: MessageSettings(),
            body: .bytes([])
        )
    }

    @Test func bytesAreReservedUpToTheBound() async throws {
        try admission.reserve(bytes: 60)
        try admission.reserve(bytes: 40)
        #expect(await code { try admission.reserve(bytes: 1) } == .overloaded)
        admission.release(bytes: 40)
        #expect(await code { try admission.reserve(bytes: 40) } == nil)
    }

    @Test func onlySoManyPublishesWaitForTheDisk() async throws {
        let admission = admission
        try await admission.admit {
            try await admission.admit {
                #expect(await code { try await admission.admit {} } == .overloaded)
            }
            #expect(await code { try await admission.admit {} } == nil)
        }
    }

    @Test func aFailedCommitGivesItsPlaceBack() async {
        for _ in 0..<5 {
            let error = StoreError(.unavailable, detail: "")
            await #expect(throws: error) { try await admission.admit { throw error } }
        }
        #expect(await code { try await admission.admit {} } == nil)
    }

    @Test func whatWaitsForItsTimeDoesNotCount() async throws {
        scheduler.add(try (1...100).map { try message($0, delay: 1_000) })
        #expect(await code { try await admission.admit {} } == nil)
    }

    @Test func publishesWaitWhileDeliveriesAreBehindAndAreThenRefused() async throws {
        scheduler.add(try (1...4).map { try message($0) })
        #expect(scheduler.startableCount == 4)
        let (admission, clock) = (admission, clock)
        let refused = try await SimulationDriver.onOwnThread { [self] in
            let driver = SimulationDriver(random: SeededRandom(seed: 1), clock: clock)
            let code = LastCode()
            let task = Task(executorPreference: driver.executor) {
                code.set(await self.code { try await admission.admit {} })
            }
            _ = driver.run(until: Timestamp(milliseconds: 10_000)) { !code.isSet }
            task.cancel()
            return code.value
        }
        #expect(refused == .overloaded)
        #expect(clock.now == Timestamp(milliseconds: 1_000))
    }

    @Test func aWaitingPublishGoesOnOnceDeliveriesHaveCaughtUp() async throws {
        scheduler.add(try (1...4).map { try message($0) })
        let (admission, clock, scheduler) = (admission, clock, scheduler)
        let (code, isSet) = try await SimulationDriver.onOwnThread { [self] in
            let driver = SimulationDriver(random: SeededRandom(seed: 1), clock: clock)
            let code = LastCode()
            let task = Task(executorPreference: driver.executor) {
                code.set(await self.code { try await admission.admit {} })
            }
            _ = driver.run(until: Timestamp(milliseconds: 10_000)) {
                !code.isSet
            } beforeEachMove: {
                if clock.now.milliseconds >= 500 { _ = scheduler.step() }
            }
            task.cancel()
            return (code.value, code.isSet)
        }
        #expect(isSet && code == nil)
        #expect(clock.now.milliseconds < 1_000)
    }
}

/// What a task came to.
private final class LastCode: Sendable {
    private let state = Mutex<(isSet: Bool, code: BrokerError.Code?)>((false, nil))
    var isSet: Bool { state.withLock { $0.isSet } }
    var value: BrokerError.Code? { state.withLock { $0.code } }
    func set(_ code: BrokerError.Code?) { state.withLock { $0 = (true, code) } }
}
