#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What a user sees of a job: where it stands, how far it is, how it ended (application reference, sections 11 and 12.2).
///
/// A record changes only by ``applying(_:at:)``, whatever keeps it.
public struct JobRecord: Sendable, Hashable {
    /// Where a job stands.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// Published, and not begun.
        case queued
        /// An attempt runs, or the next one is awaited.
        case processing
        /// Ended well.
        case completed
        /// Ended badly: no attempt follows.
        case failed
        /// Ended because somebody wished so.
        case cancelled

        /// Whether the job has ended; such a record changes only by a requeue.
        public var isTerminal: Bool { self != .queued && self != .processing }
    }

    /// The id of the record: a UUID in lower case.
    public var id: String
    /// The id that users ask by; unique.
    public var requestID: String
    /// The name of the job.
    public var jobType: String
    /// Where it stands.
    public var status: Status = .queued
    /// How far it is, in percent, 0...100; never less than before within one request id.
    public var progress = 0
    /// Which part of the work is under way; nil when the job has no parts.
    public var phase: String?
    /// Who may see it; nil for jobs that belong to nobody, which only operators see.
    public var userID: String?
    /// What it is about, for example an account or an upload; nil when nothing in particular.
    public var subject: String?
    /// The message that carries it; nil before it is published.
    public var messageID: String?
    /// The attempt under way, or the last one; 0 before the first.
    public var attempt = 0
    /// How many retries may follow the first attempt.
    public var maxRetries = 0
    /// A code for programs; nil unless it failed.
    public var errorCode: String?
    /// What went wrong, for people; nil unless it failed.
    public var errorMessage: String?
    /// The result as JSON text, an object; nil unless the handler gave one.
    public var resultData: String?
    /// When it was recorded.
    public var createdAt: Date
    /// When anything changed last.
    public var updatedAt: Date
    /// When the first attempt of the present group began; nil before.
    public var startedAt: Date?
    /// When the handler was last known to live; nil before the first attempt.
    public var heartbeatAt: Date?
    /// When it ended; nil before.
    public var completedAt: Date?
    /// Percent gained in a second, weighted towards the present; nil with fewer than two reports.
    public var rate: Double?
    /// When progress was last reported; nil before.
    public var progressAt: Date?
    /// Rises by one with each change; the id of server-sent events.
    public var version: Int64 = 1

    /// A record of a job that is about to be published.
    public init(
        id: String,
        requestID: String,
        jobType: String,
        userID: String? = nil,
        subject: String? = nil,
        maxRetries: Int = 0,
        createdAt: Date
    ) {
        self.id = id
        self.requestID = requestID
        self.jobType = jobType
        self.userID = userID
        self.subject = subject
        self.maxRetries = maxRetries
        self.createdAt = createdAt
        self.updatedAt = createdAt
    }
}
