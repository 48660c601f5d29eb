package import PostriderCore
import Synchronization

/// Runs tasks one job at a time, on the thread that drives it, in an order that a seed decides.
///
/// Tasks given to it as their executor preference, and their children, never run anywhere else: the same seed replays the same
/// interleaving.
package final class SeededExecutor: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])
    private let random: any RandomSource

    package init(random: any RandomSource) {
        self.random = random
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        jobs.withLock { $0.append(unowned) }
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

    private func next() -> UnownedJob? {
        let choice = random.next()
        return jobs.withLock { jobs in
            guard !jobs.isEmpty else { return nil }
            return jobs.remove(at: Int(choice % UInt64(jobs.count)))
        }
    }
}
