import Testing

@testable import PostriderJobs

@Suite struct SharedAlarmTests {
    private let alarm = SharedAlarm()

    @Test func everySleeperWakesAndNoneBeforeItsInstant() async throws {
        let start = ContinuousClock.now
        let woken = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in [3, 1, 4, 2] {
                let instant = start + .milliseconds(150 * number)
                group.addTask { [alarm] in
                    try await alarm.sleep(until: instant)
                    #expect(ContinuousClock.now >= instant)
                    return number
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(woken.sorted() == [1, 2, 3, 4])
    }

    @Test func anInstantThatHasPassedWakesAtOnce() async throws {
        try await alarm.sleep(until: .now - .seconds(1))
        #expect(!Task.isCancelled)
    }

    @Test func aCancelledSleeperEndsAtOnceAndLeavesTheOthersAsleep() async throws {
        let instant = ContinuousClock.now + .milliseconds(300)
        async let other: Void = alarm.sleep(until: instant)
        let cancelled = Task { [alarm] in try await alarm.sleep(until: .now + .seconds(100_000)) }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        try await other
        #expect(ContinuousClock.now >= instant)
    }

    @Test func aTaskThatIsCancelledAlreadyDoesNotSleep() async {
        await withTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask { [alarm] in
                await #expect(throws: CancellationError.self) { try await alarm.sleep(until: .now + .seconds(100_000)) }
            }
        }
    }

    /// The timer stays armed for the one that was given up, and the next is armed when it rings.
    @Test func aSleeperAfterOneThatWasGivenUpWakesAllTheSame() async throws {
        let rings = ContinuousClock.now + .milliseconds(100)
        let first = Task { [alarm] in try await alarm.sleep(until: rings) }
        while !alarm.hasSleepers, ContinuousClock.now < rings { await Task.yield() }
        first.cancel()
        _ = await first.result
        let instant = ContinuousClock.now + .milliseconds(250)
        try await alarm.sleep(until: instant)
        #expect(ContinuousClock.now >= instant)
        #expect(!alarm.hasSleepers)
    }
}
