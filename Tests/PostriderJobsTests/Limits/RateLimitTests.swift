import PostriderJobs
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct RateLimitTests {
    private let limit = RateLimit(requests: 100, per: .seconds(60))
    /// The beginning of a window.
    private let start = Date(timeIntervalSince1970: 60_000)

    /// So many requests at one time; the counters after them and the decisions.
    private func hit(
        _ times: Int,
        at now: Date,
        after counts: RateLimitCounts? = nil
    ) -> (decisions: [RateLimitDecision], counts: RateLimitCounts?) {
        var counts = counts
        var decisions: [RateLimitDecision] = []
        for _ in 0..<times {
            let result = limit.decide(counts, now: now)
            decisions.append(result.decision)
            counts = result.counts
        }
        return (decisions, counts)
    }

    @Test func hundredPassAndTheNextIsRefused() {
        let (decisions, counts) = hit(102, at: start)
        #expect(decisions.prefix(100).allSatisfy { $0.isAllowed })
        #expect(decisions.map { $0.remaining } == Array((0..<100).reversed()) + [0, 0])
        #expect(decisions.suffix(2).allSatisfy { !$0.isAllowed })
        #expect(counts == RateLimitCounts(window: 1_000, current: 100, previous: 0))
    }

    @Test func aRefusedRequestIsNotCounted() {
        let full = hit(100, at: start).counts
        let refused = hit(50, at: start.addingTimeInterval(30), after: full)
        #expect(refused.counts == full)
    }

    @Test func theWindowEndsAtAMultipleOfItsLength() {
        let decision = limit.decide(nil, now: start.addingTimeInterval(12.5)).decision
        #expect(decision.resetsAt == start.addingTimeInterval(60))
    }

    @Test(arguments: [(0, 0), (1, 2), (15, 25), (30, 50), (45, 75), (59, 99)])
    func theWindowBeforeCountsByTheShareThatIsStillCovered(second: Int, expected: Int) {
        let full = hit(100, at: start.addingTimeInterval(20)).counts
        let now = start.addingTimeInterval(60 + Double(second))
        let passed = hit(200, at: now, after: full).decisions.count { $0.isAllowed }
        #expect(passed == expected)
    }

    @Test func countersTwoWindowsOldDoNotMatter() {
        let full = hit(100, at: start).counts
        let later = limit.decide(full, now: start.addingTimeInterval(120))
        #expect(later.decision.remaining == 99)
        #expect(later.counts == RateLimitCounts(window: 1_002, current: 1, previous: 0))
    }

    @Test func aClockThatIsBehindGivesNoNewRoom() {
        let full = hit(100, at: start).counts
        let result = limit.decide(full, now: start.addingTimeInterval(-1))
        #expect(!result.decision.isAllowed)
        #expect(result.counts == full)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, -1, 1e300])
    func aTimeBeyondAllCountingIsStillDecided(seconds: Double) {
        let result = limit.decide(nil, now: Date(timeIntervalSince1970: seconds))
        #expect(result.decision.isAllowed)
        #expect(result.counts.current == 1)
    }

    @Test func hugeCountersDoNotOverflow() {
        let limit = RateLimit(requests: .max, per: .seconds(86_400 * 365))
        let counts = RateLimitCounts(window: 0, current: 0, previous: .max)
        #expect(limit.decide(counts, now: Date(timeIntervalSince1970: 1)).decision.isAllowed)
    }
}
