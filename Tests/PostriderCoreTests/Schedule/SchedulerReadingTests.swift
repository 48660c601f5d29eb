import PostriderCore
import Testing

/// Reads from the store that fail, come late, or bring what is known or outdated.
@Suite struct SchedulerReadingTests {
    private typealias Sample = WaitingSample

    private static func limited(_ change: (inout SchedulerLimits) -> Void = { _ in }) -> SchedulerState {
        var limits = SchedulerLimits()
        change(&limits)
        return SchedulerState(limits: limits)
    }

    private let now = Sample.at(0)

    /// Publishes to one lane and ends the first attempt, which leaves the second open and the rest of the lane to be read.
    private static func firstRead(_ bench: inout SchedulerBench, of count: Int64) -> LaneLoad? {
        bench.publish((1...count).map { Sample.entry($0) })
        let first = bench.state.step(now: bench.now)
        #expect(first.claims.map(\.key) == [Sample.key(1)] && first.laneLoads.isEmpty)
        bench.finish(1)
        let second = bench.state.step(now: bench.now)
        #expect(second.claims.map(\.key) == [Sample.key(2)])
        return second.laneLoads.first
    }

    @Test func aMessageThatComesWhileTheStoreIsReadStartsOnce() throws {
        var state = Self.limited()
        let loadBegun = state.step(now: now).horizonLoad
        let load = try #require(loadBegun)
        state.add(Sample.entry(1), message: nil, now: now)
        state.add(Sample.entry(2, due: 5), message: nil, now: now)
        #expect(state.step(now: now).claims.map(\.key) == [Sample.key(1)])
        state.loaded([Sample.entry(1), Sample.entry(2, due: 5)], for: load)
        #expect(state.step(now: Sample.at(5)).claims.map(\.key) == [Sample.key(2)])
        for number in [1, 2] as [Int64] { state.attemptEnded(Sample.key(number), next: nil, now: Sample.at(5)) }
        #expect(state.step(now: Sample.at(5)).claims.isEmpty)
        #expect(state.laneCount == 0)
    }

    /// Whoever stores a message adds it a moment later: a read may find it first, and the attempt may even have ended by then.
    @Test(arguments: [nil, Int64(60_000)])
    func aMessageThatWasReadBeforeItIsAddedStartsOnce(retryDue: Int64?) throws {
        var state = Self.limited()
        let loadBegun = state.step(now: now).horizonLoad
        state.loaded([Sample.entry(1)], for: try #require(loadBegun))
        #expect(state.step(now: now).claims.map(\.key) == [Sample.key(1)])
        let next = retryDue.map { Sample.entry(1, due: $0, retried: 1) }
        state.attemptEnded(Sample.key(1), next: next, now: now)
        state.add(Sample.entry(1), message: try Sample.message(1, byteCount: 1), now: now)
        #expect(state.step(now: now).claims.isEmpty)
        // A retry comes in its own time, and is not mistaken for the late message.
        let later = state.step(now: Sample.at(60_000)).claims
        #expect(later.map(\.retried) == (next == nil ? [] : [1]))
    }

    @Test func aPageReadBeforeARetryWasStoredDoesNotHideIt() throws {
        var state = Self.limited()
        let loadBegun = state.step(now: now).horizonLoad
        let load = try #require(loadBegun)
        state.add(Sample.entry(1), message: nil, now: now)
        #expect(state.step(now: now).claims.count == 1)
        // The store answered the read with the message as it was, then stored the retry.
        let next = Sample.entry(1, due: 50, retried: 1)
        state.attemptEnded(Sample.key(1), next: next, now: now)
        state.loaded([Sample.entry(1)], for: load)
        for claim in state.step(now: now).claims {
            // The shell finds another due time in the store: the claim is stale and what the store has counts.
            #expect(claim.due == now)
            state.attemptEnded(claim.key, next: next, now: now)
        }
        #expect(state.step(now: Sample.at(50)).claims.map(\.retried) == [1])
    }

    @Test(arguments: [1, 2, 3, 4])
    func theShortestLinesAreReadToTheirEnd(readyPerLaneMax: Int) {
        var bench = SchedulerBench {
            $0.openPerLaneMax = 1
            $0.readyPerLaneMax = readyPerLaneMax
        }
        bench.publish((1...20).map { Sample.entry($0) })
        #expect(bench.finishAll() == Array(1...20))
        #expect(bench.isEmpty)
    }

    @Test func aFailedReadOfTheHorizonIsTriedAgain() throws {
        var state = Self.limited()
        let loadBegun = state.step(now: now).horizonLoad
        let load = try #require(loadBegun)
        state.add(Sample.entry(1, due: 5), message: nil, now: now)
        #expect(state.step(now: now).horizonLoad == nil)
        state.loaded(nil, for: load)
        #expect(state.step(now: now).horizonLoad == load)
        state.loaded([Sample.entry(1, due: 5)], for: load)
        #expect(state.step(now: Sample.at(5)).claims.count == 1)
    }

    @Test func aFailedReadOfALaneIsTriedAgain() throws {
        var bench = SchedulerBench {
            $0.openPerLaneMax = 1
            $0.readyPerLaneMax = 3
        }
        let read = Self.firstRead(&bench, of: 6)
        let load = try #require(read)
        #expect(load.from == Sample.entry(4).position)
        // What comes while the lane is read is left as well, and must not be forgotten.
        bench.publish((7...9).map { Sample.entry($0) })
        bench.state.loaded(nil, for: load, now: bench.now)
        bench.finish(2)
        #expect(bench.finishAll().sorted() == Array(3...9))
        #expect(bench.isEmpty)
    }

    @Test func whatComesWhileALaneIsReadIsNotForgotten() throws {
        var bench = SchedulerBench {
            $0.openPerLaneMax = 1
            $0.readyPerLaneMax = 3
        }
        let read = Self.firstRead(&bench, of: 5)
        let load = try #require(read)
        let page = bench.store.page(load)
        bench.publish((6...12).map { Sample.entry($0) })
        bench.state.loaded(page, for: load, now: bench.now)
        bench.finish(2)
        #expect(bench.finishAll().sorted() == Array(3...12))
        #expect(bench.isEmpty)
    }

    @Test func aLaneIsReadOnceAtATime() {
        var bench = SchedulerBench {
            $0.openPerLaneMax = 1
            $0.readyPerLaneMax = 3
        }
        let read = Self.firstRead(&bench, of: 6)
        #expect(read != nil)
        bench.publish((7...9).map { Sample.entry($0) })
        #expect(bench.state.step(now: bench.now).laneLoads.isEmpty)
    }

    @Test func aClockThatIsSetBackLosesNothingThatWasLeftToTheStore() {
        var bench = SchedulerBench {
            $0.openPerLaneMax = 1
            $0.readyPerLaneMax = 3
        }
        bench.now = Sample.at(10_000)
        bench.publish((1...6).map { Sample.entry($0, due: 10_000) })
        #expect(bench.step() == [1])
        bench.now = Sample.at(4_000)
        bench.finish(1)
        _ = bench.finishAll()
        bench.now = Sample.at(10_000)
        _ = bench.finishAll()
        #expect(bench.store.count == 0)
    }

    @Test func aRescanFindsWhatWasStoredWithoutAWord() {
        var bench = SchedulerBench { $0.openPerLaneMax = 1 }
        bench.publish(Sample.entry(1), Sample.entry(2), Sample.entry(3, due: 20))
        #expect(bench.step() == [1])
        // Two writes were reported as failed and are there all the same.
        bench.store.insert(Sample.entry(4))
        bench.store.insert(Sample.entry(5, due: 20))
        bench.state.rescan()
        #expect(bench.step() == [])
        bench.finish(1)
        #expect(bench.finishAll() == [2, 4])
        bench.now = Sample.at(20)
        #expect(bench.finishAll() == [3, 5])
        #expect(bench.isEmpty)
    }

    @Test func aRescanDuringAReadOfTheHorizonReadsOnceMore() throws {
        var state = Self.limited()
        let beforeBegun = state.step(now: now).horizonLoad
        let before = try #require(beforeBegun)
        state.rescan()
        state.loaded([], for: before)
        let afterBegun = state.step(now: now).horizonLoad
        let after = try #require(afterBegun)
        state.loaded([Sample.entry(1)], for: after)
        #expect(state.step(now: now).claims.count == 1)
    }

    @Test(arguments: [0, 5] as [Int64])
    func aCopyOfAMessageUnderWayIsDropped(due: Int64) {
        var bench = SchedulerBench()
        bench.publish(Sample.entry(1))
        #expect(bench.step() == [1])
        bench.state.add(Sample.entry(1, due: due), message: nil, now: bench.now)
        bench.state.rescan()
        #expect(bench.advance(to: 10) == [])
        bench.finish(1)
        #expect(bench.step() == [])
        #expect(bench.isEmpty)
    }

    @Test func aCopyOfAMessageInLineIsDropped() {
        var bench = SchedulerBench { $0.openPerLaneMax = 1 }
        bench.publish(Sample.entry(1), Sample.entry(2))
        bench.state.add(Sample.entry(2), message: nil, now: bench.now)
        bench.state.rescan()
        #expect(bench.finishAll() == [1, 2])
        #expect(bench.isEmpty)
    }
}
