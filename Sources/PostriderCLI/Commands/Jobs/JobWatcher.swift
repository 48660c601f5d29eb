import QStash
import Synchronization

/// Follows the events of one job, and takes them up again where a connection broke.
struct JobWatcher: Sendable {
    private static let pauseMin = Duration.seconds(1)
    private static let pauseMax = Duration.seconds(30)

    let application: ApplicationClient
    let requestID: String
    let isJSON: Bool

    /// What is known so far.
    private struct Progress {
        var lastEventID: String?
        var last: JobReport?
        var eventCount = 0
    }

    /// Watches until the job has ended.
    ///
    /// - Returns: The job as it ended.
    /// - Throws: ``CommandFailure`` when the application refuses; `CancellationError`.
    func watch(_ show: @escaping @Sendable (JobReport) async throws -> Void) async throws -> JobReport {
        let progress = Mutex(Progress())
        var pause = Self.pauseMin
        var isToldOff = false
        while true {
            let before = progress.withLock { $0.eventCount }
            do {
                let lastEventID = progress.withLock { $0.lastEventID }
                try await application.events(of: requestID, after: lastEventID) { event in
                    try await take(event, progress, show)
                }
            } catch let error as CommandFailure {
                // Who refuses from the beginning goes on refusing; who has answered before may only be starting again.
                let mayPass = error.status == .tryLater || error.code == "server_failure"
                guard mayPass, progress.withLock({ $0.eventCount > 0 }) else { throw error }
            } catch let error as QStashTransportError {
                // Not even the first connection: more likely the URL is wrong than the server restarts.
                guard progress.withLock({ $0.eventCount > 0 }) else { throw Refusal.failure(error) }
            }
            if let last = progress.withLock({ $0.last }), last.isOver { return last }
            if progress.withLock({ $0.eventCount }) > before {
                pause = Self.pauseMin
                isToldOff = false
            }
            if !isToldOff {
                isToldOff = true
                let server = VisibleText.line(application.url)
                try application.context.remark(
                    "\(server) ended the stream; asking again until it answers",
                    isJSON: isJSON
                )
            }
            try await application.context.clock.sleep(for: pause)
            pause = min(pause * 2, Self.pauseMax)
        }
    }

    private func take(
        _ event: EventStreamParser.Event,
        _ progress: borrowing Mutex<Progress>,
        _ show: @Sendable (JobReport) async throws -> Void
    ) async throws -> Bool {
        guard event.name == "progress" || event.name == "done" else { return true }
        let job = try JobReport(parsing: Array(event.data.utf8))
        let isNew = progress.withLock { progress in
            progress.eventCount += 1
            progress.lastEventID = event.id ?? progress.lastEventID
            // The end is told again to who asks again.
            defer { progress.last = job }
            return progress.last != job
        }
        if isNew { try await show(job) }
        return !job.isOver
    }
}
