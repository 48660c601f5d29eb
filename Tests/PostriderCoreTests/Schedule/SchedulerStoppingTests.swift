import PostriderCore
import Testing

/// Draining, suspending, and the slow start after an unclean stop.
@Suite struct SchedulerStoppingTests {
    private typealias Sample = WaitingSample

    @Test func drainingStartsNothingAndEndsWithTheLastAttempt() {
        var bench = SchedulerBench { $0.openMax = 1 }
        bench.publish(Sample.entry(1), Sample.entry(2), Sample.entry(3, due: 5))
        #expect(bench.step() == [1])
        bench.state.drain()
        bench.publish(Sample.entry(4))
        #expect(bench.advance(to: 10) == [])
        #expect(!bench.last.isDrained)
        #expect(!bench.state.isQuiet)
        bench.retry(1, due: 10)
        #expect(bench.step() == [])
        #expect(bench.last.isDrained)
        #expect(bench.state.isQuiet)
    }

    @Test func drainingWithNothingUnderWayIsOverAtOnce() {
        var bench = SchedulerBench()
        bench.publish(Sample.entry(1))
        bench.state.drain()
        let step = bench.state.step(now: bench.now)
        #expect(step.isDrained)
        #expect(step.claims.isEmpty)
        #expect(step.horizonLoad == nil)
    }

    @Test func whileSuspendedNothingStarts() {
        var bench = SchedulerBench()
        bench.publish(Sample.entry(1), Sample.entry(2, due: 5))
        bench.state.setSuspended(true)
        #expect(bench.advance(to: 10) == [])
        #expect(bench.state.waitingCount == 2)
        bench.state.setSuspended(false)
        #expect(bench.step() == [1, 2])
    }

    @Test func afterAnUncleanStopTheNumberOfAttemptsDoublesEachSecond() {
        var bench = SchedulerBench(uncleanStart: Sample.at(0)) {
            $0.openAfterUncleanStop = 2
            $0.openMax = 12
        }
        bench.publish((1...20).map { Sample.entry($0) })
        #expect(bench.step().count == 2)
        #expect(bench.last.wakeAt == Sample.at(1_000))
        #expect(bench.advance(to: 999).count == 0)
        #expect(bench.advance(to: 1_000).count == 2)
        #expect(bench.advance(to: 2_000).count == 4)
        #expect(bench.advance(to: 3_000).count == 4)
        #expect(bench.state.openCount == 12)
        // At full width there is no need to come back.
        #expect(bench.last.wakeAt == nil)
    }

    @Test func longAfterAnUncleanStopTheWidthIsFull() {
        var bench = SchedulerBench(uncleanStart: Sample.at(0)) { $0.openMax = 5 }
        bench.publish((1...9).map { Sample.entry($0) })
        #expect(bench.advance(to: 1_000_000_000).count == 5)
    }

    @Test func aClockSetBackBehindAnUncleanStopStillStartsSomething() {
        var bench = SchedulerBench(uncleanStart: Sample.at(100_000)) { $0.openAfterUncleanStop = 0 }
        bench.publish(Sample.entry(1), Sample.entry(2))
        #expect(bench.step() == [1])
    }

    @Test func aCleanStartBeginsAtFullWidth() {
        var bench = SchedulerBench { $0.openAfterUncleanStop = 1 }
        bench.publish((1...9).map { Sample.entry($0) })
        #expect(bench.step().count == 9)
    }
}
