import PostriderSQL

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Removes rows whose `expires_at` has passed.
enum ExpiredRows {
    /// - Returns: How many rows were removed; at most `limit`.
    static func remove(
        from table: String,
        key: String,
        now: Date,
        limit: Int,
        in transaction: SQLTransaction
    ) throws -> Int {
        guard limit > 0 else { return 0 }
        let moment = Milliseconds.since1970(now)
        // The time is asked for again, since another may have renewed a row after it was chosen.
        return try transaction.execute(
            """
            DELETE FROM \(identifier: table)
            WHERE \(identifier: key) IN (
                SELECT \(identifier: key) FROM \(identifier: table)
                WHERE expires_at <= \(moment) ORDER BY expires_at LIMIT \(limit)
            ) AND expires_at <= \(moment)
            """
        )
    }
}
