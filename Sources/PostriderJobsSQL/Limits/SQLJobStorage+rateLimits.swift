public import PostriderJobs
import PostriderSQL

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension SQLJobStorage: RateLimitStore {
    /// Decides about one request.
    public func hit(_ key: String, limit: RateLimit, now: Date) async throws -> RateLimitDecision {
        try await transaction { transaction in
            let counts = try Self.counts(key.storable, now: now, in: transaction)
            let (decision, after) = limit.decide(counts, now: now)
            // They count in their own window, and in part in the one after it.
            try transaction.execute(
                """
                UPDATE job_rate_limit SET window_number = \(after.window), current_count = \(after.current),
                    previous_count = \(after.previous),
                    expires_at = \(Milliseconds.end(of: limit.window * 2, from: now))
                WHERE key = \(key.storable)
                """
            )
            return decision
        }
    }

    /// Forgets counters and circuits that have run out.
    public func removeExpiredCounters(now: Date, limit: Int) async throws -> Int {
        try await transaction { transaction in
            let count = try ExpiredRows.remove(
                from: "job_rate_limit",
                key: "key",
                now: now,
                limit: limit,
                in: transaction
            )
            let left = limit - count
            return count
                + (try ExpiredRows.remove(from: "job_circuit", key: "name", now: now, limit: left, in: transaction))
        }
    }

    /// The counters of a key, whose row is there and nobody else's to change from now on.
    private static func counts(
        _ key: String,
        now: Date,
        in transaction: SQLTransaction
    ) throws -> RateLimitCounts? {
        let reading: SQL = """
            SELECT window_number, current_count, previous_count, expires_at FROM job_rate_limit
            WHERE key = \(key)\(transaction.forUpdate)
            """
        var row = try transaction.row(reading)
        while row == nil {
            // Another may insert the same key, or remove it again, until the row is locked.
            try transaction.execute(
                """
                INSERT INTO job_rate_limit (key, current_count, previous_count, expires_at)
                VALUES (\(key), 0, 0, \(Milliseconds.since1970(now))) ON CONFLICT (key) DO NOTHING
                """
            )
            row = try transaction.row(reading)
        }
        guard let row, let window: Int64 = try row.value("window_number", as: Int64?.self),
            try row.value("expires_at", as: Int64.self) > Milliseconds.since1970(now)
        else { return nil }
        return RateLimitCounts(
            window: window,
            current: try row.value("current_count"),
            previous: try row.value("previous_count")
        )
    }
}
