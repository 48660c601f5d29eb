/// Something that happens to a job, as far as its record is concerned.
public enum JobRecordChange: Sendable, Hashable {
    /// The message was accepted under this id.
    case published(messageID: String)
    /// The broker had such a message already, under this id: the job ends as failed with code `duplicate_message` unless it has begun.
    case duplicated(messageID: String)
    /// An attempt begins; attempts count from 1.
    case started(attempt: Int, maxRetries: Int, messageID: String?)
    /// The handler tells how far it is; nil leaves progress or phase as they are.
    case progressed(percent: Int?, phase: String?)
    /// The handler lives.
    case heartbeat
    /// It ended well; the result is JSON text of an object, or nil.
    case completed(resultData: String?)
    /// It ended badly, and nothing follows.
    case failed(code: String, message: String)
    /// Somebody wishes it to end.
    case cancelled
    /// It is to run again after its end, as a new group of attempts.
    case requeued
}

/// What became of a change.
public enum JobRecordUpdate: Sendable, Hashable {
    /// The record as it is now, one version on.
    case changed(JobRecord)
    /// The record as it was: the change does not apply to it, for example because the job has ended.
    case unchanged(JobRecord)
    /// There is no such record.
    case missing
}
