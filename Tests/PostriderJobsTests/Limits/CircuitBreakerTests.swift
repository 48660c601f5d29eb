import InMemoryLogging
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

@Suite struct CircuitBreakerTests {
    private struct Refused: Error {}

    private let clock = ManualJobClock(now: Date(timeIntervalSince1970: 1_750_000_000))
    private let store = CircuitShelf()
    private let log = InMemoryLogHandler()

    private func breaker(_ store: (any CircuitBreakerStore)? = nil) -> CircuitBreaker {
        CircuitBreaker(
            name: "resend",
            store: store ?? self.store,
            clock: clock,
            logger: Logger(label: "test") { [log] _ in log }
        )
    }

    private func fail(_ breaker: CircuitBreaker, times: Int = 1) async {
        for _ in 0..<times {
            await #expect(throws: Refused.self) { try await breaker.call { throw Refused() } }
        }
    }

    private var events: [String] { log.entries.map { $0.message.description } }

    @Test func nothingIsCalledWhileItIsOpen() async throws {
        let breaker = breaker()
        await fail(breaker, times: 3)
        let error = await #expect(throws: JobsError.self) {
            try await breaker.call { Issue.record("called while open") }
        }
        #expect(error?.code == .circuitOpen)
        #expect(events == ["circuit_breaker.opened"])
    }

    @Test func itClosesAfterTwoSuccesses() async throws {
        let breaker = breaker()
        await fail(breaker, times: 3)
        clock.advance(by: .seconds(60))
        #expect(await breaker.phase() == .halfOpen)
        #expect(try await breaker.call { 1 } == 1)
        #expect(try await breaker.call { 2 } == 2)
        #expect(await breaker.phase() == .closed)
        #expect(events == ["circuit_breaker.opened", "circuit_breaker.closed"])
    }

    @Test func aFailureWhileHalfOpenOpensItAgain() async throws {
        let breaker = breaker()
        await fail(breaker, times: 3)
        clock.advance(by: .seconds(60))
        await fail(breaker)
        #expect(await breaker.phase() == .open(until: clock.now.addingTimeInterval(60)))
        #expect(events == ["circuit_breaker.opened", "circuit_breaker.opened"])
    }

    @Test func anErrorThatSaysNothingAboutTheOtherSideIsNoFailure() async throws {
        let breaker = breaker()
        for _ in 0..<5 {
            await #expect(throws: Refused.self) {
                try await breaker.call {
                    throw Refused()
                } isFailure: { _ in
                    false
                }
            }
        }
        #expect(await breaker.phase() == .closed)
    }

    @Test func aCancelledCallIsNotCounted() async throws {
        let breaker = breaker()
        for _ in 0..<5 {
            await #expect(throws: CancellationError.self) { try await breaker.call { throw CancellationError() } }
        }
        #expect(await breaker.phase() == .closed)
    }

    @Test func aStoreThatCannotBeReachedCountsAsClosed() async throws {
        let breaker = breaker(NoCircuits())
        await fail(breaker, times: 5)
        #expect(try await breaker.call { "sent" } == "sent")
        #expect(await breaker.phase() == .closed)
        #expect(Set(events) == ["circuit_breaker.degraded"])
    }

    @Test func aSuccessOfTheClosedCircuitWritesNothing() async throws {
        _ = try await breaker().call { 1 }
        #expect(store.writes == 0)
    }
}

/// Circuits in memory; calls each change twice, as a store does when another process was faster.
final class CircuitShelf: CircuitBreakerStore {
    private let state = Mutex<(circuits: [String: CircuitState], writes: Int)>(([:], 0))

    var writes: Int { state.withLock { $0.writes } }

    func circuit(_ name: String) async throws -> CircuitState { state.withLock { $0.circuits[name] ?? .closed } }

    func update(
        _ name: String,
        ttl: Duration,
        now: Date,
        _ change: @escaping @Sendable (CircuitState) -> CircuitState
    ) async throws -> CircuitState {
        _ = change(.closed)
        return state.withLock {
            let after = change($0.circuits[name] ?? .closed)
            $0.circuits[name] = after
            $0.writes += 1
            return after
        }
    }
}

/// A store that nobody can reach.
private struct NoCircuits: CircuitBreakerStore {
    func circuit(_ name: String) async throws -> CircuitState {
        throw JobsError(.storeUnavailable, "down")
    }

    func update(
        _ name: String,
        ttl: Duration,
        now: Date,
        _ change: @escaping @Sendable (CircuitState) -> CircuitState
    ) async throws -> CircuitState {
        throw JobsError(.storeUnavailable, "down")
    }
}
