package import PostriderJobs
import QStash

/// A job that counts down: long enough to be watched, cancelled and retried.
package struct Countdown: JobParameters {
    package static let jobName = "countdown"
    package static let unknownKeys = UnknownKeys.rejected
    /// Soon, so that a retry can be watched too.
    package static let retryProfile = RetryProfile(retries: 3, retryDelay: "1000 * pow(2, retried)")

    /// How many steps there are, 1...100.
    package var steps: Int
    /// The wait in each step, 0...10 000; nil for 250.
    package var pauseMilliseconds: Int?
    /// Attempts, from 1, that fail half-way; nil for none.
    package var failAtAttempt: [Int]?

    package init(steps: Int, pauseMilliseconds: Int? = nil, failAtAttempt: [Int]? = nil) {
        self.steps = steps
        self.pauseMilliseconds = pauseMilliseconds
        self.failAtAttempt = failAtAttempt
    }

    package func validate(_ check: inout Validation) {
        check.that((1...100).contains(steps), "steps", "must be from 1 to 100")
        check.that(
            (0...10_000).contains(pauseMilliseconds ?? 0),
            "pauseMilliseconds",
            "must be from 0 to 10000"
        )
        check.that((failAtAttempt ?? []).count <= 10, "failAtAttempt", "must have at most 10 attempts")
    }

    /// Counts, and tells how far it is.
    func run(_ context: JobContext) async throws -> JobOutcome {
        try await context.report(phase: "preparing")
        let pause = Duration.milliseconds(pauseMilliseconds ?? 250)
        let isToFail = failAtAttempt?.contains(context.attempt) == true
        for step in 1...steps {
            try await context.checkCancellation()
            try await context.clock.sleep(for: pause)
            if isToFail, step > steps / 2 {
                return .retry(after: nil, reason: "attempt \(context.attempt) was to fail")
            }
            try await context.report(progress: step * 99 / steps, phase: step == steps ? "landing" : "counting")
        }
        return .done(["steps": .integer(Int64(steps)), "attempts": .integer(Int64(context.attempt))])
    }
}
