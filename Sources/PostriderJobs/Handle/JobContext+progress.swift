import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension JobContext {
    /// Tells those who watch the job how far it is.
    ///
    /// Written at most every half second; what comes in between is kept, and written with the next report, a new phase, or the end. Progress
    /// never goes back. Without a record nothing happens.
    ///
    /// - Parameters:
    ///   - progress: Percent, 0...100; nil to leave it as it is.
    ///   - phase: Which part of the work begins; nil to leave it as it is.
    /// - Throws: ``JobsError`` with code `cancelled` when the job has been cancelled; let it pass. What the store throws when it is down: the
    ///   report may be lost then, and a handler that can go on without may ignore it.
    public func report(progress: Int? = nil, phase: String? = nil) async throws {
        guard let record else { return }
        let now = now
        let write = try state.withLock { state -> ProgressThrottle.Write? in
            guard !state.isCancelled else { throw Self.cancelled }
            return state.progress.report(percent: progress, phase: phase, now: now)
        }
        guard let write else { return }
        let change = JobRecordChange.progressed(percent: write.percent, phase: write.phase)
        try see(try await storage.records.apply(change, to: record.requestID, now: now), now: now)
    }

    /// Whether the job was cancelled as far as is known here, or its request was.
    ///
    /// The record is looked at with every written report and heartbeat, and by ``checkCancellation()``.
    public var isCancelled: Bool {
        Task.isCancelled || state.withLock { $0.isCancelled }
    }

    /// Ends the handler when the job has been cancelled; looks at its record, at most every half second.
    ///
    /// - Throws: ``JobsError`` with code `cancelled`, or `CancellationError` when the request was cancelled. Let it pass.
    public func checkCancellation() async throws {
        try Task.checkCancellation()
        let now = now
        let isDue = try state.withLock { state -> Bool in
            guard !state.isCancelled else { throw Self.cancelled }
            guard now < state.seenAt || now >= state.seenAt.adding(ProgressThrottle.period) else { return false }
            state.seenAt = now
            return true
        }
        guard isDue, let requestID = record?.requestID, let current = try await storage.records.record(requestID),
            current.status == .cancelled
        else { return }
        noteCancelled()
        throw Self.cancelled
    }

    private static var cancelled: JobsError { JobsError(.cancelled, "the job has been cancelled") }

    /// Learns from what came of a change of the record.
    private func see(_ update: JobRecordUpdate, now: Date) throws {
        state.withLock { $0.seenAt = now }
        guard case .unchanged(let record) = update, record.status == .cancelled else { return }
        noteCancelled()
        throw Self.cancelled
    }

    func noteCancelled() {
        state.withLock { $0.isCancelled = true }
    }

    /// A report that was not written yet; nil when there is none.
    func flushProgress() -> JobRecordChange? {
        guard record != nil, let write = state.withLock({ $0.progress.flush() }) else { return nil }
        return .progressed(percent: write.percent, phase: write.phase)
    }
}
