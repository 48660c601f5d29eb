#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension JobRecord {
    /// The longest phase, in characters; longer ones are cut.
    static let phaseCharactersMax = 100
    /// The longest errorMessage, in characters; longer ones are cut.
    static let errorMessageCharactersMax = 1_000

    /// The code of a job whose message the broker had already.
    static let duplicateCode = "duplicate_message"

    /// The record after a change, one version on; nil when the change does not apply to it.
    ///
    /// A job goes from queued to processing, and from there to completed, failed or cancelled; a queued one may also fail, when it cannot be
    /// published, or be cancelled. What has ended changes only by a requeue. Progress never decreases within one request id: after a
    /// requeue it stays where it was until the new attempts are further.
    ///
    /// - Parameter now: When it happens; a clock that is behind does not turn updatedAt back.
    public func applying(_ change: JobRecordChange, at now: Date) -> JobRecord? {
        guard isOpen(to: change) else { return nil }
        var record = self
        switch change {
        case .published(let messageID): record.messageID = messageID
        case .duplicated(let messageID):
            record.messageID = messageID
            record.errorCode = Self.duplicateCode
            record.errorMessage = "another message carries the job already"
            record.end(.failed, now: now)
        case .started(let attempt, let maxRetries, let messageID):
            record.start(attempt: attempt, maxRetries: maxRetries, messageID: messageID, now: now)
        case .progressed(let percent, let phase): record.report(percent: percent, phase: phase, now: now)
        case .heartbeat: record.heartbeatAt = now
        case .completed(let resultData):
            record.progress = 100
            record.resultData = resultData
            record.end(.completed, now: now)
        case .failed(let code, let message):
            record.errorCode = code
            record.errorMessage = String(message.prefix(Self.errorMessageCharactersMax))
            record.end(.failed, now: now)
        case .cancelled: record.end(.cancelled, now: now)
        case .requeued: record.requeue()
        }
        record.updatedAt = max(updatedAt, now)
        record.version += 1
        return record
    }

    private func isOpen(to change: JobRecordChange) -> Bool {
        switch change {
        case .published(let messageID): !status.isTerminal && messageID != self.messageID
        case .duplicated: status == .queued
        case .started, .failed, .cancelled: !status.isTerminal
        case .progressed, .heartbeat, .completed: status == .processing
        case .requeued: status.isTerminal
        }
    }

    private mutating func start(attempt: Int, maxRetries: Int, messageID: String?, now: Date) {
        status = .processing
        self.attempt = attempt
        self.maxRetries = maxRetries
        if let messageID { self.messageID = messageID }
        startedAt = startedAt ?? now
        heartbeatAt = now
        // The wait between two attempts says nothing about how fast the work goes.
        rate = nil
        progressAt = nil
    }

    private mutating func report(percent: Int?, phase: String?, now: Date) {
        heartbeatAt = now
        if let phase { self.phase = String(phase.prefix(Self.phaseCharactersMax)) }
        guard let percent = percent.map({ min(max($0, 0), 100) }) else { return }
        guard let last = progressAt else {
            // Where an attempt begins is no gain; where it has caught up with the one before counts from there.
            if percent >= progress { progressAt = now }
            progress = max(progress, percent)
            return
        }
        let elapsed = now.timeIntervalSince(last)
        guard percent > progress else { return }
        if elapsed > 0 {
            let gained = Double(percent - progress) / elapsed
            rate = rate.map { Self.rateWeight * gained + (1 - Self.rateWeight) * $0 } ?? gained
            progressAt = now
        }
        progress = percent
    }

    private mutating func end(_ status: Status, now: Date) {
        self.status = status
        completedAt = now
    }

    private mutating func requeue() {
        status = .queued
        phase = nil
        messageID = nil
        errorCode = nil
        errorMessage = nil
        resultData = nil
        startedAt = nil
        heartbeatAt = nil
        completedAt = nil
        rate = nil
        progressAt = nil
    }
}
