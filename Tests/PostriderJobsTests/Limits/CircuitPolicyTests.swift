import PostriderJobs
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct CircuitPolicyTests {
    private let policy = CircuitPolicy()
    private let start = Date(timeIntervalSince1970: 1_000)

    private func at(_ seconds: Double) -> Date { start.addingTimeInterval(seconds) }

    private func failed(at seconds: Double...) -> CircuitState {
        seconds.reduce(.closed) { policy.failed($0, now: at($1)) }
    }

    @Test func itOpensAfterThreeFailures() {
        #expect(policy.phase(of: failed(at: 0, 10), now: at(10)) == .closed)
        #expect(policy.phase(of: failed(at: 0, 10, 20), now: at(20)) == .open(until: at(80)))
    }

    @Test func failuresOlderThanAMinuteDoNotCount() {
        #expect(policy.phase(of: failed(at: 0, 10, 60), now: at(60)) == .closed)
        #expect(policy.phase(of: failed(at: 0, 10, 60, 69), now: at(69)) == .open(until: at(129)))
    }

    @Test func itIsHalfOpenAfterTheCooldown() {
        let state = failed(at: 0, 1, 2)
        #expect(policy.phase(of: state, now: at(61.9)) == .open(until: at(62)))
        #expect(policy.phase(of: state, now: at(62)) == .halfOpen)
    }

    @Test func twoSuccessesCloseIt() {
        let once = policy.succeeded(failed(at: 0, 1, 2), now: at(62))
        #expect(policy.phase(of: once, now: at(62)) == .halfOpen)
        #expect(policy.succeeded(once, now: at(63)) == .closed)
    }

    @Test func aFailureOfTheHalfOpenCircuitOpensItAgain() {
        let once = policy.succeeded(failed(at: 0, 1, 2), now: at(62))
        #expect(policy.failed(once, now: at(70)) == CircuitState(openedAt: at(70)))
    }

    @Test func resultsOfCallsThatBeganBeforeItOpenedChangeNothing() {
        let open = failed(at: 0, 1, 2)
        #expect(policy.failed(open, now: at(30)) == open)
        #expect(policy.succeeded(open, now: at(30)) == open)
    }

    @Test func aSuccessOfTheClosedCircuitDoesNotForgiveFailures() {
        let state = policy.succeeded(failed(at: 0, 10), now: at(15))
        #expect(policy.phase(of: policy.failed(state, now: at(20)), now: at(20)) == .open(until: at(80)))
    }

    @Test func neverMoreFailuresAreKeptThanOpenIt() {
        let state = (0..<50).reduce(CircuitState.closed) { policy.failed($0, now: at(Double($1) * 40)) }
        #expect(state.failures.count == 2)
        #expect(state.openedAt == nil)
    }

    @Test func theStateOutlivesTheCooldownTwice() {
        #expect(policy.ttl == .seconds(120))
    }
}
