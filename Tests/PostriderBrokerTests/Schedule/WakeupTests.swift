import PostriderSimulation
import Synchronization
import Testing

@testable import PostriderBroker

@Suite struct WakeupTests {
    private let executor = SeededExecutor(random: SeededRandom(seed: 1))

    /// Starts a task that waits and counts; nothing runs until the executor is told to.
    private func waiter(_ wakeup: Wakeup, times: Int = 1, _ count: Counted) -> Task<Void, Never> {
        Task(executorPreference: executor) {
            for _ in 0..<times {
                await wakeup.wait()
                count.add()
            }
        }
    }

    @Test func whoWaitsGoesOnWhenItIsRaised() {
        let wakeup = Wakeup()
        let count = Counted()
        _ = waiter(wakeup, count)
        #expect(executor.runUntilIdle())
        #expect(count.value == 0)
        wakeup.raise()
        #expect(executor.runUntilIdle())
        #expect(count.value == 1)
    }

    @Test func raisingBeforeAnybodyWaitsIsRememberedOnce() {
        let wakeup = Wakeup()
        let count = Counted()
        wakeup.raise()
        wakeup.raise()
        let task = waiter(wakeup, times: 2, count)
        #expect(executor.runUntilIdle())
        #expect(count.value == 1)
        task.cancel()
        #expect(executor.runUntilIdle())
    }

    @Test(arguments: [true, false])
    func aCancelEndsTheWait(isWaiting: Bool) {
        let wakeup = Wakeup()
        let count = Counted()
        let task = waiter(wakeup, count)
        if isWaiting { #expect(executor.runUntilIdle()) }
        task.cancel()
        #expect(executor.runUntilIdle())
        #expect(count.value == 1)
        // The next to wait is not woken by what the cancelled one left behind.
        let next = waiter(wakeup, count)
        #expect(executor.runUntilIdle())
        #expect(count.value == 1)
        wakeup.raise()
        #expect(executor.runUntilIdle())
        #expect(count.value == 2)
        next.cancel()
    }
}

/// Counts from several tasks.
final class Counted: Sendable {
    private let state = Mutex(0)
    var value: Int { state.withLock { $0 } }
    func add() { state.withLock { $0 += 1 } }
}
