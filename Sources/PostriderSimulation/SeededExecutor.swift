import Dispatch
package import PostriderCore
import Synchronization

/// Runs tasks one job at a time, on the thread that drives it, in an order that a seed decides.
///
/// Tasks given to it as their executor preference, and their children, run nowhere else as long as they call nothing that has an executor
/// of its own: the same seed replays the same interleaving. What may run elsewhere is wrapped in ``holding(_:)``.
package final class SeededExecutor: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        /// Calls under way that may run elsewhere.
        var heldCount = 0
        /// Who waits for what may change that nothing can run; only one may.
        var waiter: CheckedContinuation<Void, Never>?
        var isSelfDriving = false

        var isAtRest: Bool { jobs.isEmpty && heldCount == 0 }

        mutating func takeWaiter() -> CheckedContinuation<Void, Never>? {
            defer { waiter = nil }
            return waiter
        }
    }

    private let state = Mutex(State())
    private let random: any RandomSource
    private let queue = DispatchQueue(label: "seeded-executor")

    package init(random: any RandomSource) {
        self.random = random
    }

    /// The executor that the running task's call holds.
    @TaskLocal private static var holder: ObjectIdentifier?

    /// True when no job is left and no call goes on elsewhere that may bring another.
    package var isAtRest: Bool { state.withLock { $0.isAtRest } }

    /// True in a call that holds this executor, and in the tasks it makes: who waits there for this executor to rest waits for ever.
    package var isHeldByCaller: Bool { Self.holder == ObjectIdentifier(self) }

    package func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        let (waiter, isSelfDriving) = state.withLock { state in
            state.jobs.append(unowned)
            return (state.takeWaiter(), state.isSelfDriving)
        }
        waiter?.resume()
        if isSelfDriving { runSoon() }
    }

    /// Runs jobs until none is left.
    ///
    /// - Parameter jobsMax: Where a run that never rests is given up.
    /// - Returns: False when it was given up.
    package func runUntilIdle(jobsMax: Int = 10_000_000) -> Bool {
        for _ in 0..<jobsMax {
            guard let job = next() else { return true }
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
        return false
    }

    /// Runs jobs until none is left, on a thread of its own, so that no thread of the caller's executor is held.
    ///
    /// Two calls do not run at the same time.
    ///
    /// - Returns: False when `jobsMax` jobs were not all.
    package func runUntilIdleApart(jobsMax: Int = 10_000_000) async -> Bool {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.runUntilIdle(jobsMax: jobsMax)) }
        }
    }

    /// Makes a call that may run elsewhere, or comes from elsewhere: this executor is not at rest until it has returned.
    package func holding<Value>(_ call: () async throws -> Value) async rethrows -> Value {
        state.withLock { $0.heldCount += 1 }
        defer { release() }
        return try await Self.$holder.withValue(ObjectIdentifier(self)) { try await call() }
    }

    /// Lets go of the executor within a call that holds it, because the call waits for the clock, which moves only when nothing is held.
    ///
    /// Each is followed by one ``takeBack()``.
    package func lend() { release() }

    /// Holds the executor again after ``lend()``; called by who ends the wait, before the call goes on.
    package func takeBack() {
        state.withLock { $0.heldCount += 1 }
    }

    /// Returns when there is a job to run, when nothing holds this executor, when it has begun to drive itself, or when the calling
    /// task is cancelled.
    ///
    /// Only one task may wait at a time.
    ///
    /// - Returns: False when this executor drives itself: there is nothing left to drive.
    package func change() async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isImmediate = state.withLock { state in
                    // Read under the lock: a cancel that comes later finds the waiter in its place.
                    let isHeldIdle = state.jobs.isEmpty && state.heldCount > 0
                    guard isHeldIdle, !state.isSelfDriving, !Task.isCancelled else { return true }
                    precondition(state.waiter == nil, "two tasks wait for one executor")
                    state.waiter = continuation
                    return false
                }
                if isImmediate { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.takeWaiter() }?.resume()
        }
        return state.withLock { !$0.isSelfDriving }
    }

    /// From now on jobs run as they come, without anybody driving: for the end, so that what is left can finish.
    package func driveItself() {
        let waiter = state.withLock { state in
            state.isSelfDriving = true
            return state.takeWaiter()
        }
        waiter?.resume()
        runSoon()
    }

    private func release() {
        let waiter = state.withLock { state in
            state.heldCount -= 1
            return state.heldCount == 0 ? state.takeWaiter() : nil
        }
        waiter?.resume()
    }

    private func runSoon() {
        queue.async { _ = self.runUntilIdle() }
    }

    private func next() -> UnownedJob? {
        state.withLock { state in
            guard !state.jobs.isEmpty else { return nil }
            return state.jobs.remove(at: Int(random.next() % UInt64(state.jobs.count)))
        }
    }
}
