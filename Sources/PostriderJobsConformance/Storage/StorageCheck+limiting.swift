import PostriderJobs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension StorageCheck {
    private static let limit = RateLimit(requests: 100, per: .seconds(60))

    /// Seconds after the checks' beginning at which a window of a minute begins.
    private static let windowStart = 40.0

    static let limitingRates: [StorageCheck] = [
        StorageCheck("of 101 requests in a window 100 pass and the last does not") { trial in
            let now = trial.at(windowStart)
            for number in 1...101 {
                let decision = try await trial.storage.rateLimits.hit("a", limit: limit, now: now)
                try trial.same(decision.isAllowed, number <= 100, "whether request \(number) passes")
                try trial.same(decision.remaining, max(0, 100 - number), "what remains after request \(number)")
                try trial.same(decision.resetsAt, trial.at(windowStart + 60), "the end of the window")
            }
        },
        StorageCheck("a window that is over counts by the share that still lies in the sliding one") { trial in
            let counters = trial.storage.rateLimits
            for _ in 1...100 { _ = try await counters.hit("a", limit: limit, now: trial.at(windowStart)) }
            var passed = 0
            for _ in 1...100 {
                passed += try await counters.hit("a", limit: limit, now: trial.at(windowStart + 90)).isAllowed ? 1 : 0
            }
            try trial.same(passed, 50, "the number that passes half a window later")
        },
        StorageCheck("two windows later nothing counts any more") { trial in
            let counters = trial.storage.rateLimits
            for _ in 1...100 { _ = try await counters.hit("a", limit: limit, now: trial.at(windowStart)) }
            let decision = try await counters.hit("a", limit: limit, now: trial.at(windowStart + 120))
            try trial.same(decision.remaining, 99, "what remains")
        },
        StorageCheck("every request is decided by the counters before it") { trial in
            var counts: RateLimitCounts?
            let small = RateLimit(requests: 5, per: .seconds(10))
            for step in 0..<120 {
                let now = trial.at(Double(step) * 0.75)
                let (wanted, after) = small.decide(counts, now: now)
                counts = after
                let seen = try await trial.storage.rateLimits.hit("a", limit: small, now: now)
                try trial.same(seen, wanted, "the decision of step \(step)")
            }
        },
        StorageCheck("keys are counted apart") { trial in
            let counters = trial.storage.rateLimits
            for _ in 1...100 { _ = try await counters.hit("a", limit: limit, now: trial.at(windowStart)) }
            let decision = try await counters.hit("b", limit: limit, now: trial.at(windowStart))
            try trial.same(decision.remaining, 99, "what remains of another key")
        },
        StorageCheck("requests at once never exceed the limit, and use all of it") { trial in
            let got = try await trial.atOnce(150) { _ in
                try await trial.storage.rateLimits.hit("a", limit: limit, now: trial.at(windowStart)).isAllowed
            }
            try trial.same(got.count { $0 }, 100, "the number that passes")
        },
        StorageCheck("counters that matter are not forgotten, others are") { trial in
            let counters = trial.storage.rateLimits
            _ = try await counters.hit("old", limit: limit, now: trial.at(windowStart))
            for _ in 1...100 { _ = try await counters.hit("new", limit: limit, now: trial.at(windowStart + 120)) }
            let count = try await counters.removeExpiredCounters(now: trial.at(windowStart + 150), limit: 10)
            try trial.require(count <= 1, "\(count) counters were forgotten, and one had run out")
            let decision = try await counters.hit("new", limit: limit, now: trial.at(windowStart + 150))
            try trial.require(!decision.isAllowed, "a counter that mattered was forgotten")
        },
    ]

    static let breakingCircuits: [StorageCheck] = [
        StorageCheck("a circuit that is not known is closed") { trial in
            try trial.same(try await trial.storage.circuits.circuit("mail"), .closed, "the state")
        },
        StorageCheck("a circuit is read as it was left") { trial in
            let state = CircuitState(failures: [trial.at(0), trial.at(1.001)], openedAt: trial.at(2.5), successes: 1)
            let circuits = trial.storage.circuits
            let after = try await circuits.update("mail", ttl: .seconds(60), now: trial.at(3)) { _ in state }
            try trial.same(after, state, "the state after the change")
            try trial.same(try await circuits.circuit("mail"), state, "the state that is read")
            try trial.same(try await circuits.circuit("sms"), .closed, "the state of another circuit")
        },
        StorageCheck("a circuit is changed from what it was") { trial in
            let circuits = trial.storage.circuits
            for second in 0..<3 {
                _ = try await circuits.update("mail", ttl: .seconds(60), now: trial.at(Double(second))) { state in
                    CircuitState(failures: state.failures + [trial.at(Double(second))], successes: state.successes + 2)
                }
            }
            let wanted = CircuitState(failures: [trial.at(0), trial.at(1), trial.at(2)], successes: 6)
            try trial.same(try await circuits.circuit("mail"), wanted, "the state")
        },
        StorageCheck("a circuit whose time is over is changed from closed") { trial in
            let circuits = trial.storage.circuits
            let open = CircuitState(openedAt: trial.at(0))
            _ = try await circuits.update("mail", ttl: .seconds(60), now: trial.at(0)) { _ in open }
            let after = try await circuits.update("mail", ttl: .seconds(60), now: trial.at(60)) { $0 }
            try trial.same(after, .closed, "the state")
        },
        StorageCheck("no change of a circuit is lost when many change it at once") { trial in
            let circuits = trial.storage.circuits
            _ = try await trial.atOnce(40) { _ in
                try await circuits.update("mail", ttl: .seconds(60), now: trial.at(0)) { state in
                    CircuitState(failures: state.failures, openedAt: nil, successes: state.successes + 1)
                }
            }
            try trial.same(try await circuits.circuit("mail").successes, 40, "the number of successes")
        },
    ]
}
