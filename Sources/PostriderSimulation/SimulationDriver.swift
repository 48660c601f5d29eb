import Dispatch
package import PostriderCore

/// Drives simulated tasks: runs what can run, then moves the clock to the next moment somebody waits for.
package struct SimulationDriver: Sendable {
    package let clock: VirtualClock
    package let executor: SeededExecutor

    /// How many jobs run before a caller that was cancelled may leave.
    private static let jobsBetweenLooks = 2_000
    /// More jobs than this at one moment are a task that turns in a circle.
    private static let jobsMax = 10_000_000

    package init(random: any RandomSource, clock: VirtualClock = VirtualClock()) {
        self.clock = clock
        self.executor = SeededExecutor(random: random)
    }

    /// Runs until the condition holds, on the calling thread; for tasks that run nowhere else.
    ///
    /// - Parameter beforeEachMove: Called whenever nothing can run, before the clock moves.
    /// - Returns: False when nothing is left to wait for, or the clock would pass `end`.
    package func run(
        until end: Timestamp = Timestamp(milliseconds: .max),
        while isUnfinished: () -> Bool,
        beforeEachMove: () -> Void = {}
    ) -> Bool {
        while true {
            guard executor.runUntilIdle() else { return false }
            guard isUnfinished() else { return true }
            beforeEachMove()
            guard executor.runUntilIdle(), isUnfinished() else { return !isUnfinished() }
            guard moveOn(until: end) else { return false }
        }
    }

    /// Runs what can run at the present moment, calls included that go on elsewhere, without holding the caller's thread.
    ///
    /// Once the executor drives itself, such calls are no longer waited for.
    ///
    /// - Parameter isEndless: Asked now and then whether it is time to give up.
    /// - Returns: False when it was given up, or ran more jobs than any moment has.
    /// - Throws: `CancellationError` when the calling task is cancelled; nothing else. What had begun goes on with the next call.
    package func rest(isEndless: () -> Bool) async throws -> Bool {
        var jobs = 0
        while true {
            try Task.checkCancellation()
            if await executor.runUntilIdleApart(jobsMax: Self.jobsBetweenLooks) {
                if executor.isAtRest { return true }
                guard await executor.change() else { return true }
            } else {
                jobs += Self.jobsBetweenLooks
            }
            if jobs >= Self.jobsMax || isEndless() { return false }
        }
    }

    /// Moves the clock to the next moment that somebody waits for.
    ///
    /// - Returns: False when nobody waits, or the moment lies behind `end`; the clock then stands where it stood.
    package func moveOn(until end: Timestamp) -> Bool {
        guard let next = clock.nextWake, next <= end else { return false }
        clock.advance(to: next)
        return true
    }

    /// Runs blocking code on a thread of its own, so that driving never holds a thread of the test runner's tasks.
    package static func onOwnThread<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "simulation").async { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}
