import PostriderCore
import Testing

/// Messages held back while cancels are decided, in every order of events.
@Suite struct SchedulerCancellingTests {
    private typealias Sample = WaitingSample

    private static func removeAndRelease(_ bench: inout SchedulerBench, _ number: Int64) {
        bench.store[Sample.key(number)] = nil
        bench.state.release(Sample.key(number), isRemoved: true, now: bench.now)
    }

    @Test func aMessageInLineDoesNotStartWhileACancelIsDecided() {
        var bench = SchedulerBench()
        bench.publish(Sample.entry(1), Sample.entry(2))
        #expect(bench.state.withhold([Sample.key(1)]) == [])
        #expect(bench.step() == [2])
        Self.removeAndRelease(&bench, 1)
        #expect(bench.step() == [])
        bench.finish(2)
        #expect(bench.isEmpty)
    }

    @Test func aMessageThatWasNotRemovedTakesItsPlaceAgain() {
        var bench = SchedulerBench()
        bench.publish(Sample.entry(1, retried: 3))
        _ = bench.state.withhold([Sample.key(1)])
        #expect(bench.step() == [])
        bench.state.release(Sample.key(1), isRemoved: false, now: bench.now)
        #expect(bench.state.step(now: bench.now).claims.map(\.retried) == [3])
    }

    @Test(arguments: [true, false])
    func aCancelDecidedBeforeTheTurnComesCounts(isRemoved: Bool) {
        var bench = SchedulerBench { $0.openPerLaneMax = 1 }
        bench.publish(Sample.entry(1), Sample.entry(2), Sample.entry(3))
        #expect(bench.step() == [1])
        _ = bench.state.withhold([Sample.key(2)])
        if isRemoved {
            Self.removeAndRelease(&bench, 2)
        } else {
            bench.state.release(Sample.key(2), isRemoved: false, now: bench.now)
        }
        bench.finish(1)
        #expect(bench.finishAll() == (isRemoved ? [3] : [2, 3]))
        #expect(bench.isEmpty)
    }

    @Test func anOpenMessageIsReportedAndNotHeldBack() {
        var bench = SchedulerBench()
        bench.publish(Sample.entry(1), Sample.entry(2, due: 5))
        #expect(bench.step() == [1])
        #expect(bench.state.withhold([Sample.key(1), Sample.key(2)]) == [Sample.key(1)])
        bench.retry(1, due: 3)
        #expect(bench.advance(to: 5) == [1])
        bench.state.release(Sample.key(2), isRemoved: false, now: bench.now)
        #expect(bench.step() == [2])
    }

    @Test(arguments: [true, false], [true, false])
    func aDelayedMessageIsHeldBackToo(isRemoved: Bool, isDecidedBeforeItsTime: Bool) {
        var bench = SchedulerBench()
        bench.publish(Sample.entry(1, due: 10))
        _ = bench.step()
        _ = bench.state.withhold([Sample.key(1)])
        if !isDecidedBeforeItsTime { #expect(bench.advance(to: 10) == []) }
        if isRemoved { bench.store[Sample.key(1)] = nil }
        bench.state.release(Sample.key(1), isRemoved: isRemoved, now: bench.now)
        // What was removed before its time may still be claimed: the shell then finds that it is gone.
        let started = bench.advance(to: 10).filter { bench.store[Sample.key($0)] != nil }
        #expect(started == (isRemoved ? [] : [1]))
        bench.finish(1)
        #expect(bench.isEmpty)
    }

    @Test(arguments: [[true, false], [false, true], [false, false]])
    func ofTwoCancelsAtOnceTheLastDecides(areRemoved: [Bool]) {
        var bench = SchedulerBench()
        bench.publish(Sample.entry(1))
        #expect(bench.state.withhold([Sample.key(1)]) == [])
        #expect(bench.state.withhold([Sample.key(1)]) == [])
        bench.state.release(Sample.key(1), isRemoved: areRemoved[0], now: bench.now)
        #expect(bench.step() == [])
        bench.state.release(Sample.key(1), isRemoved: areRemoved[1], now: bench.now)
        #expect(bench.step() == (areRemoved.contains(true) ? [] : [1]))
        bench.finish(1)
        #expect(bench.isEmpty)
    }

    @Test func aMessageRemovedInLineDoesNotStartWhenItTurnsUpAgain() {
        var bench = SchedulerBench { $0.openPerLaneMax = 1 }
        bench.publish(Sample.entry(1), Sample.entry(2))
        #expect(bench.step() == [1])
        _ = bench.state.withhold([Sample.key(2)])
        Self.removeAndRelease(&bench, 2)
        // A page that was read before the removal.
        bench.state.add(Sample.entry(2), message: nil, now: bench.now)
        bench.finish(1)
        #expect(bench.step() == [])
        #expect(bench.isEmpty)
    }

    @Test func aMessageLeftToTheStoreIsHeldBackWhenItIsRead() {
        var bench = SchedulerBench {
            $0.openPerLaneMax = 1
            $0.readyPerLaneMax = 3
        }
        bench.publish((1...6).map { Sample.entry($0) })
        _ = bench.state.withhold([Sample.key(5)])
        #expect(bench.finishAll() == [1, 2, 3, 4, 6])
        bench.state.release(Sample.key(5), isRemoved: false, now: bench.now)
        #expect(bench.finishAll() == [5])
        #expect(bench.isEmpty)
    }

    @Test func aRescanWhileACancelIsDecidedBringsNothingTwice() {
        var bench = SchedulerBench()
        bench.publish(Sample.entry(1))
        _ = bench.state.withhold([Sample.key(1)])
        #expect(bench.step() == [])
        bench.state.rescan()
        #expect(bench.step() == [])
        bench.state.release(Sample.key(1), isRemoved: false, now: bench.now)
        #expect(bench.finishAll() == [1])
        #expect(bench.isEmpty)
    }

    @Test func releasingWhatIsNotHeldChangesNothing() {
        var bench = SchedulerBench()
        bench.publish(Sample.entry(1))
        bench.state.release(Sample.key(1), isRemoved: true, now: bench.now)
        #expect(bench.step() == [1])
    }
}
