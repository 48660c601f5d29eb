import Dispatch
import PostriderCore
import PostriderSimulation

/// Drives simulated tasks: runs what can run, then moves the clock to the next moment somebody waits for.
struct SimulationDriver: Sendable {
    let clock: VirtualClock
    let executor: SeededExecutor

    init(random: SeededRandom, clock: VirtualClock = VirtualClock()) {
        self.clock = clock
        self.executor = SeededExecutor(random: random)
    }

    /// Runs until the condition holds.
    ///
    /// - Parameter beforeEachMove: Called whenever nothing can run, before the clock moves.
    /// - Returns: False when nothing is left to wait for, or the clock would pass `until`.
    func run(
        until end: Timestamp = Timestamp(milliseconds: .max),
        while isUnfinished: () -> Bool,
        beforeEachMove: () -> Void = {}
    ) -> Bool {
        while true {
            guard executor.runUntilIdle() else { return false }
            guard isUnfinished() else { return true }
            beforeEachMove()
            guard executor.runUntilIdle(), isUnfinished() else { return !isUnfinished() }
            guard let next = clock.nextWake, next <= end else { return false }
            clock.advance(to: next)
        }
    }

    /// Runs blocking code on a thread of its own, so that driving never holds a thread of the test runner's tasks.
    static func onOwnThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "simulation").async { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}
