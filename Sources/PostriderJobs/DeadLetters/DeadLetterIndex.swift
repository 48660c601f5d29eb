#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A job that failed for good, as an operator lists it; the broker's own dead letter queue keeps the message (application reference, 2.6).
public struct DeadLetterEntry: Sendable, Hashable {
    /// The entry's own id: a UUID in lower case.
    public let id: String
    /// The name of the job.
    public let jobType: String
    /// How many attempts there were; at least 1.
    public let attempts: Int
    /// What went wrong, in a few words.
    public let error: String
    /// The code of the answer; nil when there is none.
    public let errorCode: String?
    /// When the last attempt failed.
    public let failedAt: Date
    /// The message in the broker; nil when unknown.
    public let messageID: String?
    /// The payload as JSON text, with what is secret or personal replaced.
    public let payload: String

    /// An entry.
    public init(
        id: String,
        jobType: String,
        attempts: Int,
        error: String,
        errorCode: String?,
        failedAt: Date,
        messageID: String?,
        payload: String
    ) {
        self.id = id
        self.jobType = jobType
        self.attempts = attempts
        self.error = error
        self.errorCode = errorCode
        self.failedAt = failedAt
        self.messageID = messageID
        self.payload = payload
    }
}

/// Lists the jobs that failed for good, newest first, a list for each job type.
public protocol DeadLetterIndex: Sendable {
    /// Adds an entry, drops the oldest beyond `entriesMax`, and lets the list live for `ttl` from `entry.failedAt`.
    ///
    /// - Returns: How many entries the list has now.
    func push(_ entry: DeadLetterEntry, entriesMax: Int, ttl: Duration) async throws -> Int

    /// The newest entries of one job type, or of all when it is nil, newest first.
    func entries(ofJobType jobType: String?, limit: Int, now: Date) async throws -> [DeadLetterEntry]

    /// How many entries a job type has, or all together.
    func count(ofJobType jobType: String?, now: Date) async throws -> Int

    /// Forgets lists that have run out: a driver need not do so by itself before a job type fails again.
    ///
    /// - Parameter limit: How many entries one call removes, more or less: a driver may remove a list as a whole.
    /// - Returns: How many entries were removed; below the limit when none is left.
    func removeExpiredEntries(now: Date, limit: Int) async throws -> Int

    /// Removes an entry in one atomic step.
    ///
    /// - Returns: False when there is none with this id.
    func remove(id: String, jobType: String) async throws -> Bool
}
