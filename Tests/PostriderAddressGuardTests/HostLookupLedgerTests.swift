import Testing

@testable import PostriderAddressGuard

@Suite struct HostLookupLedgerTests {
    private typealias Ledger = HostLookupLedger<Int>

    private let second: UInt64 = 1_000_000_000
    private let found = HostResolution.addresses([IPAddress(v4: 0x0808_0808)])

    private func ledger(_ change: (inout HostResolver.Configuration) -> Void = { _ in }) -> Ledger {
        var configuration = HostResolver.Configuration()
        change(&configuration)
        return Ledger(configuration: configuration)
    }

    /// Admits a caller that must start a lookup with a thread of its own.
    private func begin(_ ledger: inout Ledger, _ caller: Int, _ host: String, now: UInt64 = 0) throws -> Ledger.Job {
        guard case .begin(_, let job) = ledger.admit(caller, host: host, now: now) else {
            throw Unexpected()
        }
        return try #require(job)
    }

    private func answer(_ admission: Ledger.Admission) -> HostResolution? {
        if case .answer(let resolution) = admission { resolution } else { nil }
    }

    private struct Unexpected: Error {}

    @Test func callersOfOneHostShareALookup() throws {
        var ledger = ledger()
        let job = try begin(&ledger, 1, "a")
        guard case .wait = ledger.admit(2, host: "a", now: 0) else { throw Unexpected() }
        #expect(ledger.finish(job, found, now: 1).callers == [1, 2])
    }

    @Test func addressesAreRememberedLongerThanFailures() throws {
        var ledger = ledger()
        _ = ledger.finish(try begin(&ledger, 1, "good"), found, now: 0)
        _ = ledger.finish(try begin(&ledger, 2, "bad"), .noSuchHost, now: 0)
        #expect(answer(ledger.admit(3, host: "bad", now: 5 * second - 1)) == .noSuchHost)
        #expect(answer(ledger.admit(3, host: "bad", now: 5 * second)) == nil)
        #expect(answer(ledger.admit(4, host: "good", now: 30 * second - 1)) == found)
        #expect(answer(ledger.admit(4, host: "good", now: 30 * second)) == nil)
    }

    @Test func aDeadHostHoldsAtMostTwoThreads() throws {
        var ledger = ledger { $0.failuresKeptMilliseconds = 0 }
        let first = try begin(&ledger, 1, "dead")
        #expect(ledger.expire(first.id, now: 2 * second) == [1])
        let another = try begin(&ledger, 2, "dead", now: 2 * second)
        #expect(ledger.expire(another.id, now: 4 * second) == [2])
        #expect(answer(ledger.admit(3, host: "dead", now: 4 * second)) == .timedOut)
        // A thread that comes back makes room again.
        _ = ledger.finish(first, .timedOut, now: 5 * second)
        _ = try begin(&ledger, 4, "dead", now: 6 * second)
    }

    @Test func lookupsBeyondTheThreadsWaitInOrder() throws {
        var ledger = ledger { $0.lookupsMax = 1 }
        let running = try begin(&ledger, 1, "a")
        for (caller, host) in [(2, "b"), (3, "c")] {
            guard case .begin(_, nil) = ledger.admit(caller, host: host, now: 0) else { throw Unexpected() }
        }
        let second = try #require(ledger.finish(running, found, now: 1).next)
        #expect(second.host == "b")
        let third = try #require(ledger.finish(second, found, now: 2).next)
        #expect(third.host == "c")
        #expect(ledger.finish(third, found, now: 3).next == nil)
    }

    @Test func aLookupThatNeverGotAThreadIsNotHeldAgainstItsHost() throws {
        var ledger = ledger { $0.lookupsMax = 1 }
        let running = try begin(&ledger, 1, "slow")
        guard case .begin(let waiting, nil) = ledger.admit(2, host: "fine", now: 0) else { throw Unexpected() }
        #expect(ledger.expire(waiting, now: 2 * second) == [2])
        #expect(ledger.finish(running, found, now: 3 * second).next == nil)
        _ = try begin(&ledger, 3, "fine", now: 3 * second)
    }

    @Test func anOverdueAnswerIsRememberedForTheNextCaller() throws {
        var ledger = ledger()
        let job = try begin(&ledger, 1, "a")
        #expect(ledger.expire(job.id, now: 2 * second) == [1])
        #expect(ledger.finish(job, found, now: 3 * second).callers == [])
        #expect(answer(ledger.admit(2, host: "a", now: 4 * second)) == found)
    }

    @Test func aLateFailureDoesNotReplaceAddresses() throws {
        var ledger = ledger { $0.failuresKeptMilliseconds = 0 }
        let slow = try begin(&ledger, 1, "a")
        _ = ledger.expire(slow.id, now: 2 * second)
        _ = ledger.finish(try begin(&ledger, 2, "a", now: 2 * second), found, now: 3 * second)
        _ = ledger.finish(slow, .failed(detail: "late"), now: 4 * second)
        #expect(answer(ledger.admit(3, host: "a", now: 5 * second)) == found)
    }

    @Test func callersBeyondTheBoundFailAtOnce() throws {
        var ledger = ledger { $0.callersMax = 1 }
        _ = try begin(&ledger, 1, "a")
        guard case .failed = answer(ledger.admit(2, host: "a", now: 0)) else { throw Unexpected() }
    }

    @Test func memoryIsBounded() throws {
        var ledger = ledger { $0.hostsKeptMax = 16 }
        for number in 0..<200 {
            _ = ledger.finish(try begin(&ledger, number, "host\(number)"), found, now: UInt64(number))
            #expect(ledger.rememberedCount <= 16)
        }
        // The latest are the ones that stay.
        #expect(answer(ledger.admit(0, host: "host199", now: 200)) == found)
    }
}
