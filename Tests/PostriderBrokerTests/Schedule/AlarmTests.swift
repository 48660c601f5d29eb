import PostriderCore
import PostriderSimulation
import Testing

@testable import PostriderBroker

@Suite struct AlarmTests {
    private let executor = SeededExecutor(random: SeededRandom(seed: 1))
    private let clock = VirtualClock(now: Timestamp(milliseconds: 0))
    private let rings = Counted()
    private let alarm: Alarm
    private let tasks: [Task<Void, Never>]

    init() {
        let target = Wakeup()
        let alarm = Alarm(clock: clock, target: target)
        let rings = rings
        self.alarm = alarm
        tasks = [
            Task(executorPreference: executor) { await alarm.run() },
            Task(executorPreference: executor) {
                while !Task.isCancelled {
                    await target.wait()
                    if !Task.isCancelled { rings.add() }
                }
            },
        ]
        settle()
    }

    private func settle() { #expect(executor.runUntilIdle(jobsMax: 100_000)) }

    private func set(_ milliseconds: Int64?) {
        alarm.set(milliseconds.map { Timestamp(milliseconds: $0) })
        settle()
    }

    private func advance(to milliseconds: Int64) {
        clock.advance(to: Timestamp(milliseconds: milliseconds))
        settle()
    }

    private func stop() {
        for task in tasks { task.cancel() }
        settle()
    }

    @Test func itRingsOnceAtItsMoment() {
        set(100)
        advance(to: 99)
        #expect(rings.value == 0)
        advance(to: 100)
        #expect(rings.value == 1)
        advance(to: 10_000)
        #expect(rings.value == 1)
        stop()
    }

    @Test func anEarlierMomentReplacesALaterOne() {
        set(100)
        set(50)
        advance(to: 50)
        #expect(rings.value == 1)
        advance(to: 200)
        #expect(rings.value == 1)
        stop()
    }

    @Test func aLaterMomentReplacesAnEarlierOne() {
        set(50)
        set(100)
        advance(to: 99)
        #expect(rings.value == 0)
        advance(to: 100)
        #expect(rings.value == 1)
        stop()
    }

    @Test func itCanBeSwitchedOffAndOnAgain() {
        set(50)
        set(nil)
        advance(to: 60)
        #expect(rings.value == 0)
        set(70)
        advance(to: 70)
        #expect(rings.value == 1)
        stop()
    }

    @Test func aMomentThatHasPassedRingsAtOnceAndEachTime() {
        advance(to: 100)
        set(50)
        #expect(rings.value == 1)
        set(50)
        #expect(rings.value == 2)
        stop()
    }

    @Test func aCancelEndsIt() {
        set(50)
        stop()
        #expect(clock.nextWake == nil)
        advance(to: 60)
        #expect(rings.value == 0)
    }
}
