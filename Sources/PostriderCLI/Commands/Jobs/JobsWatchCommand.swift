package import ArgumentParser
import UnixSignals

/// `postrider jobs watch`: follows a job to its end.
package struct JobsWatchCommand: AsyncParsableCommand {
    /// How the command is called.
    package static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Follows a job until it has ended, through restarts of the server.",
        discussion: "Ends with status 0 when the job is completed, and 1 when it failed or was cancelled."
    )

    @Argument(help: "The job's request id.")
    var requestID: String

    @OptionGroup(title: "Application") var application: ApplicationOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    /// The defaults.
    package init() {}

    /// Shows each change until the job has ended, or until SIGINT or SIGTERM.
    package func run() async throws {
        try await output.run { context in
            let watcher = JobWatcher(
                application: try application.application(in: context),
                requestID: requestID,
                isJSON: output.isJSON
            )
            let lines = JobLines(
                isJSON: output.isJSON,
                style: output.style(in: context),
                width: output.isJSON ? nil : context.terminal?.columns,
                output: context.output
            )
            let ending: Result<JobReport?, any Error>
            do {
                let last = try await Self.running(until: [.sigint, .sigterm]) {
                    try await watcher.watch { job in try await lines.show(job) }
                }
                ending = .success(last)
            } catch {
                ending = .failure(error)
            }
            await lines.end()
            // Who stops watching has seen what there was to see.
            guard let last = try ending.get(), last.status != "completed" else { return }
            throw ExitStatus.checkFailed.exitCode
        }
    }

    /// Does the work until it ends or a signal comes, which cancels it.
    ///
    /// - Returns: Nil after a signal.
    private static func running<Value: Sendable>(
        until signals: [UnixSignal],
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: signals) { return nil }
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
