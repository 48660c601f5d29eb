import Testing

@testable import PostriderJobs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct ProgressThrottleTests {
    private let start = Date(timeIntervalSince1970: 1_000)

    private func at(_ milliseconds: Double) -> Date { start.addingTimeInterval(milliseconds / 1_000) }

    @Test func reportsAreWrittenEveryHalfSecondAtMost() {
        var throttle = ProgressThrottle(percent: 0, phase: nil)
        #expect(throttle.report(percent: 1, phase: nil, now: at(0)) == .init(percent: 1, phase: nil))
        #expect(throttle.report(percent: 2, phase: nil, now: at(200)) == nil)
        #expect(throttle.report(percent: 3, phase: nil, now: at(499)) == nil)
        #expect(throttle.report(percent: 3, phase: nil, now: at(500)) == .init(percent: 3, phase: nil))
        #expect(throttle.report(percent: 4, phase: nil, now: at(600)) == nil)
        #expect(throttle.flush() == .init(percent: 4, phase: nil))
        #expect(throttle.flush() == nil)
    }

    @Test func aNewPhaseIsWrittenAtOnceWithWhatWasKept() {
        var throttle = ProgressThrottle(percent: 0, phase: "a")
        _ = throttle.report(percent: 10, phase: nil, now: at(0))
        #expect(throttle.report(percent: 20, phase: "a", now: at(1)) == nil)
        #expect(throttle.report(percent: nil, phase: "b", now: at(2)) == .init(percent: 20, phase: "b"))
        #expect(throttle.flush() == nil)
    }

    @Test func progressNeverGoesBackAndStaysWithinBounds() {
        var throttle = ProgressThrottle(percent: 60, phase: nil)
        #expect(throttle.report(percent: 10, phase: nil, now: at(0)) == nil)
        #expect(throttle.report(percent: 900, phase: nil, now: at(1_000)) == .init(percent: 100, phase: nil))
        #expect(throttle.report(percent: -5, phase: nil, now: at(2_000)) == nil)
    }

    @Test func aClockThatWasSetBackDoesNotSilenceReports() {
        var throttle = ProgressThrottle(percent: 0, phase: nil)
        _ = throttle.report(percent: 1, phase: nil, now: at(10_000))
        #expect(throttle.report(percent: 2, phase: nil, now: at(0)) == .init(percent: 2, phase: nil))
    }
}
