public import PostriderJobs
import PostriderSQL

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension SQLJobStorage: DeadLetterIndex {
    /// A list lives as long as its entry that lives longest.
    private static func isAlive(_ now: Date) -> SQL {
        """
        EXISTS (
            SELECT 1 FROM job_dead_letter AS other
            WHERE other.job_type = entry.job_type AND other.expires_at > \(Milliseconds.since1970(now))
        )
        """
    }

    private static func isOf(_ jobType: String?) -> SQL {
        jobType.map { "entry.job_type = \($0)" } ?? "1 = 1"
    }

    /// Adds an entry.
    public func push(_ entry: DeadLetterEntry, entriesMax: Int, ttl: Duration) async throws -> Int {
        try await transaction { transaction in
            // One after the other for each job type: else two that add at once would not see each other's entry and keep too many.
            if transaction.dialect == .postgres {
                _ = try transaction.rows(
                    "SELECT pg_advisory_xact_lock(hashtext(\("job_dead_letter:" + entry.jobType)))"
                )
            }
            let now = entry.failedAt
            try transaction.execute(
                """
                DELETE FROM job_dead_letter AS entry
                WHERE entry.job_type = \(entry.jobType) AND NOT \(Self.isAlive(now))
                """
            )
            try transaction.execute(
                """
                INSERT INTO job_dead_letter
                    (id, job_type, attempts, error, error_code, failed_at, message_id, payload, expires_at)
                VALUES (\(entry.id), \(entry.jobType), \(entry.attempts), \(entry.error.storable), \(entry.errorCode?.storable),
                    \(entry.failedAt), \(entry.messageID?.storable), \(entry.payload.storable), \(Milliseconds.end(of: ttl, from: now)))
                ON CONFLICT (job_type, id) DO UPDATE
                SET attempts = excluded.attempts, error = excluded.error, error_code = excluded.error_code,
                    failed_at = excluded.failed_at, message_id = excluded.message_id, payload = excluded.payload,
                    expires_at = excluded.expires_at
                """
            )
            try Self.trim(entry.jobType, to: entriesMax, in: transaction)
            return try Self.count(ofJobType: entry.jobType, now: now, in: transaction)
        }
    }

    /// Removes the oldest entries beyond a number.
    private static func trim(_ jobType: String, to entriesMax: Int, in transaction: SQLTransaction) throws {
        try transaction.execute(
            """
            DELETE FROM job_dead_letter WHERE job_type = \(jobType) AND number NOT IN (
                SELECT number FROM job_dead_letter WHERE job_type = \(jobType)
                ORDER BY failed_at DESC, number DESC LIMIT \(max(0, entriesMax))
            )
            """
        )
    }

    /// The newest entries.
    public func entries(ofJobType jobType: String?, limit: Int, now: Date) async throws -> [DeadLetterEntry] {
        try await read { transaction in
            try transaction.rows(
                """
                SELECT id, job_type, attempts, error, error_code, failed_at, message_id, payload
                FROM job_dead_letter AS entry WHERE \(Self.isOf(jobType)) AND \(Self.isAlive(now))
                ORDER BY failed_at DESC, number DESC LIMIT \(max(0, limit))
                """
            ).map(Self.entry(from:))
        }
    }

    /// How many entries there are.
    public func count(ofJobType jobType: String?, now: Date) async throws -> Int {
        try await read { try Self.count(ofJobType: jobType, now: now, in: $0) }
    }

    private static func count(ofJobType jobType: String?, now: Date, in transaction: SQLTransaction) throws -> Int {
        try transaction.value(
            "SELECT count(*) FROM job_dead_letter AS entry WHERE \(isOf(jobType)) AND \(isAlive(now))"
        ) ?? 0
    }

    /// Forgets lists that have run out.
    public func removeExpiredEntries(now: Date, limit: Int) async throws -> Int {
        try await transaction { transaction in
            try transaction.execute(
                """
                DELETE FROM job_dead_letter WHERE number IN (
                    SELECT number FROM job_dead_letter AS entry
                    WHERE NOT \(Self.isAlive(now)) ORDER BY number LIMIT \(max(0, limit))
                )
                """
            )
        }
    }

    /// Removes an entry.
    public func remove(id: String, jobType: String) async throws -> Bool {
        try await transaction { transaction in
            try transaction.execute("DELETE FROM job_dead_letter WHERE job_type = \(jobType) AND id = \(id)") > 0
        }
    }

    private static func entry(from row: SQLRow) throws -> DeadLetterEntry {
        DeadLetterEntry(
            id: try row.value("id"),
            jobType: try row.value("job_type"),
            attempts: try row.value("attempts"),
            error: try row.value("error"),
            errorCode: try row.value("error_code"),
            failedAt: try row.value("failed_at"),
            messageID: try row.value("message_id"),
            payload: try row.value("payload")
        )
    }
}
