import PostriderCore
import Testing

@Suite struct SchedulerStateTests {
    private typealias Sample = WaitingSample

    @Test func messagesOfALaneStartInTheOrderOfTheirTimes() {
        var bench = SchedulerBench()
        bench.publish(Sample.entry(1, due: 30), Sample.entry(2, due: 10), Sample.entry(3, due: 20))
        #expect(bench.step() == [])
        #expect(bench.last.wakeAt == Sample.at(10))
        #expect(bench.advance(to: 9) == [])
        #expect(bench.advance(to: 10) == [2])
        #expect(bench.advance(to: 30) == [3, 1])
        #expect(bench.last.wakeAt == nil)
    }

    @Test func whatIsDueAtOnceStartsInTheOrderInWhichItCame() {
        var bench = SchedulerBench()
        bench.publish((1...5).map { Sample.entry($0) })
        #expect(bench.step() == [1, 2, 3, 4, 5])
    }

    @Test func aLaneNeverHasMoreOpenThanItsCap() {
        var bench = SchedulerBench { $0.openPerLaneMax = 2 }
        bench.publish((1...4).map { Sample.entry($0) })
        #expect(bench.step() == [1, 2])
        bench.finish(1)
        #expect(bench.step() == [3])
        #expect(bench.state.openCount == 2)
    }

    @Test func allLanesTogetherNeverHaveMoreOpenThanTheCap() {
        var bench = SchedulerBench { $0.openMax = 3 }
        bench.publish((1...5).map { Sample.entry($0, lane: "lane \($0)") })
        #expect(bench.step() == [1, 2, 3])
        #expect(bench.step() == [])
        bench.finish(2)
        #expect(bench.step() == [4])
    }

    @Test func lanesTakeTurns() {
        var bench = SchedulerBench { $0.openMax = 1 }
        bench.publish((11...14).map { Sample.entry($0, lane: "a") })
        bench.publish((21...22).map { Sample.entry($0, lane: "b") })
        bench.publish((31...32).map { Sample.entry($0, lane: "c") })
        #expect(bench.finishAll() == [11, 21, 31, 12, 22, 32, 13, 14])
    }

    @Test func aLaneThatNeverEndsStarvesNobody() {
        var bench = SchedulerBench {
            $0.openMax = 10
            $0.openPerLaneMax = 4
            $0.readyPerLaneMax = 8
            $0.readyMax = 16
        }
        bench.publish((1...1_000).map { Sample.entry($0, lane: "slow") })
        #expect(bench.step() == [1, 2, 3, 4])
        for number in 2_001...2_100 as ClosedRange<Int64> {
            bench.publish(Sample.entry(number, lane: "quick"))
            #expect(bench.step() == [number])
            bench.finish(number)
        }
        #expect(bench.state.openCount == 4)
    }

    @Test func whatDoesNotFitIntoALineIsLeftToTheStoreAndReadInOrder() {
        var bench = SchedulerBench {
            $0.openPerLaneMax = 1
            $0.readyPerLaneMax = 4
        }
        bench.publish((1...50).map { Sample.entry($0) })
        #expect(bench.state.waitingCount == 4)
        var order: [Int64] = []
        while let number = bench.step().first {
            order.append(number)
            #expect(bench.state.waitingCount <= 4)
            bench.finish(number)
        }
        #expect(order == Array(1...50))
        #expect(bench.isEmpty)
    }

    @Test func whatDoesNotFitIntoAllLinesTogetherIsLeftToTheStore() {
        var bench = SchedulerBench {
            $0.openMax = 2
            $0.readyMax = 6
            $0.readyPerLaneMax = 4
        }
        let lanes = ["a", "b", "c", "d"]
        let numbers = 1...80 as ClosedRange<Int64>
        bench.publish(numbers.map { Sample.entry($0, lane: lanes[Int($0 % 4)]) })
        // One more for each lane that would otherwise have nothing.
        #expect(bench.state.waitingCount <= 6 + lanes.count)
        #expect(bench.finishAll().sorted() == Array(numbers))
        #expect(bench.isEmpty)
    }

    @Test func tenThousandDelayedMessagesStartInOrderWithAHundredInMemory() {
        var bench = SchedulerBench { $0.horizonMax = 100 }
        bench.publish((1...10_000).map { Sample.entry($0, due: $0) })
        var order: [Int64] = []
        var horizonMax = 0
        _ = bench.step()
        while let wake = bench.last.wakeAt {
            let started = bench.advance(to: wake.milliseconds)
            horizonMax = max(horizonMax, bench.state.horizonCount)
            order += started
            for number in started { bench.finish(number) }
        }
        #expect(order == Array(1...10_000))
        #expect(horizonMax <= 100)
        #expect(bench.isEmpty)
    }

    @Test func aMessageInMemoryIsHandedOverWhileThereIsRoomForIt() throws {
        var bench = SchedulerBench { $0.windowBytesMax = 1_200 }
        for number in 1...2 as ClosedRange<Int64> {
            let message = try Sample.message(number, byteCount: 200)
            bench.state.add(Sample.entry(number), message: message, now: bench.now)
        }
        let claims = bench.state.step(now: bench.now).claims
        #expect(claims.map { $0.message?.key.rawValue } == [1, nil])
        // The room is free again once the first has been handed over.
        bench.state.add(Sample.entry(3), message: try Sample.message(3, byteCount: 200), now: bench.now)
        #expect(bench.state.step(now: bench.now).claims.first?.message != nil)
    }

    @Test func aReturnedClaimStandsInLineAgain() {
        var bench = SchedulerBench { $0.openPerLaneMax = 1 }
        bench.publish(Sample.entry(1, retried: 2), Sample.entry(2))
        let claim = bench.state.step(now: bench.now).claims[0]
        #expect(bench.step() == [])
        bench.state.returnClaim(claim, now: bench.now)
        #expect(bench.state.openCount == 0)
        #expect(bench.step() == [2])
        bench.finish(2)
        let again = bench.state.step(now: bench.now).claims
        #expect(again.map(\.key) == [claim.key])
        #expect(again.map(\.retried) == [2])
    }

    @Test func onlyWhatWaitsForTheBrokerItselfIsStartable() {
        var bench = SchedulerBench {
            $0.openMax = 3
            $0.openPerLaneMax = 2
        }
        bench.publish((1...5).map { Sample.entry($0, lane: "a") })
        bench.publish((11...12).map { Sample.entry($0, lane: "b") })
        bench.publish(Sample.entry(21, due: 1_000, lane: "c"))
        // Two slots of lane a, two of lane b; what waits for its time counts nowhere.
        #expect(bench.state.startableCount == 4)
        #expect(bench.step() == [1, 11, 2])
        #expect(bench.state.startableCount == 1)
        bench.finish(11)
        #expect(bench.step() == [12])
        #expect(bench.state.startableCount == 0)
    }

    @Test func lanesWithoutWorkLeaveNothingInMemory() {
        var bench = SchedulerBench()
        bench.publish((1...200).map { Sample.entry($0, due: $0 % 2 * 50, lane: "lane \($0)") })
        #expect(bench.state.laneCount == 200)
        _ = bench.finishAll()
        #expect(bench.state.laneCount == 100)
        bench.now = Sample.at(50)
        _ = bench.finishAll()
        #expect(bench.isEmpty)
    }
}
