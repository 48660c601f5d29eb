import PostriderJobs
import PostriderSQL

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The statements on `background_jobs`.
enum RecordRows {
    /// Where changes are told, each with its request id.
    static let channel = "postrider_job_records"

    /// PostgreSQL's bound on what a notification carries.
    private static let payloadBytesMax = 7_999

    private static let columns: SQL = """
        id, request_id, job_type, status, progress, phase, user_id, subject, message_id, attempt, max_retries, \
        error_code, error_message, result_data, created_at, updated_at, started_at, heartbeat_at, completed_at, \
        eta_rate, progress_at, version
        """

    static func insert(_ record: JobRecord, in transaction: SQLTransaction) throws -> Bool {
        guard let id = UUID(uuidString: record.id) else {
            throw JobsError(.configurationInvalid, "the id of a record must be a UUID")
        }
        let row = try transaction.row(
            """
            INSERT INTO background_jobs (\(columns))
            VALUES (\(id), \(record.requestID.storable), \(record.jobType.storable), \(record.status.rawValue), \(record.progress),
                \(record.phase?.storable), \(record.userID?.storable), \(record.subject?.storable), \(record.messageID?.storable), \(record.attempt),
                \(record.maxRetries), \(record.errorCode?.storable), \(record.errorMessage?.storable), \(record.resultData),
                \(record.createdAt), \(record.updatedAt), \(record.startedAt), \(record.heartbeatAt),
                \(record.completedAt), \(record.rate), \(record.progressAt), \(record.version))
            ON CONFLICT (request_id) DO NOTHING
            RETURNING version
            """
        )
        if row != nil { try tell(record.requestID, in: transaction) }
        return row != nil
    }

    static func record(
        _ requestID: String,
        in transaction: SQLTransaction,
        lock: SQL = ""
    ) throws -> JobRecord? {
        try transaction.row("SELECT \(columns) FROM background_jobs WHERE request_id = \(requestID.storable)\(lock)")
            .map(record(from:))
    }

    /// Records that are processing or queued and were last heard of before a moment, the oldest first, or those behind one of them.
    static func stalled(
        after record: JobRecord? = nil,
        before moment: Date,
        limit: Int,
        in transaction: SQLTransaction
    ) throws -> [JobRecord] {
        let place = record.map(lastHeard)
        let lastSign: SQL = "COALESCE(heartbeat_at, started_at, updated_at)"
        let processing = try transaction.rows(
            """
            SELECT \(columns) FROM background_jobs
            WHERE status = 'processing' AND \(lastSign) < \(moment) \(behind(place, lastSign))
            ORDER BY \(lastSign), request_id LIMIT \(max(0, limit))
            """
        )
        // On its own, for its own index: most records of a busy queue are too young.
        let queued = try transaction.rows(
            """
            SELECT \(columns) FROM background_jobs
            WHERE status = 'queued' AND updated_at < \(moment) \(behind(place, "updated_at"))
            ORDER BY updated_at, request_id LIMIT \(max(0, limit))
            """
        )
        let all = try (processing + queued).map(Self.record(from:))
        return Array(all.sorted { lastHeard($0) < lastHeard($1) }.prefix(max(0, limit)))
    }

    private static func behind(_ place: (moment: Date, requestID: String)?, _ lastSign: SQL) -> SQL {
        place.map { "AND (\(lastSign), request_id) > (\($0.moment), \($0.requestID.storable))" } ?? ""
    }

    private static func lastHeard(_ record: JobRecord) -> (moment: Date, requestID: String) {
        let moment =
            record.status == .queued ? record.updatedAt : record.heartbeatAt ?? record.startedAt ?? record.updatedAt
        return (moment, record.requestID)
    }

    /// Reads a record, changes it and writes it, while nobody else can.
    static func apply(
        _ change: JobRecordChange,
        to requestID: String,
        now: Date,
        in transaction: SQLTransaction
    ) throws -> JobRecordUpdate {
        guard let before = try record(requestID, in: transaction, lock: transaction.forUpdate) else { return .missing }
        guard let record = before.applying(change, at: now) else { return .unchanged(before) }
        try transaction.execute(
            """
            UPDATE background_jobs SET status = \(record.status.rawValue), progress = \(record.progress),
                phase = \(record.phase?.storable), message_id = \(record.messageID?.storable), attempt = \(record.attempt),
                max_retries = \(record.maxRetries), error_code = \(record.errorCode?.storable),
                error_message = \(record.errorMessage?.storable), result_data = \(record.resultData),
                updated_at = \(record.updatedAt), started_at = \(record.startedAt),
                heartbeat_at = \(record.heartbeatAt), completed_at = \(record.completedAt),
                eta_rate = \(record.rate), progress_at = \(record.progressAt), version = \(record.version)
            WHERE request_id = \(requestID.storable)
            """
        )
        try tell(requestID, in: transaction)
        return .changed(record)
    }

    private static func tell(_ requestID: String, in transaction: SQLTransaction) throws {
        // Whoever watches such a record finds its changes by looking.
        guard !requestID.isEmpty, requestID.utf8.count <= payloadBytesMax else { return }
        try transaction.notify(channel, requestID.storable)
    }

    private static func record(from row: SQLRow) throws -> JobRecord {
        let status: String = try row.value("status")
        guard let known = JobRecord.Status(rawValue: status) else {
            throw JobsError(.storeUnavailable, "a record has a status that this program does not know")
        }
        var record = JobRecord(
            id: try row.value("id"),
            requestID: try row.value("request_id"),
            jobType: try row.value("job_type"),
            userID: try row.value("user_id"),
            subject: try row.value("subject"),
            maxRetries: try row.value("max_retries"),
            createdAt: try row.value("created_at")
        )
        record.status = known
        record.progress = try row.value("progress")
        record.phase = try row.value("phase")
        record.messageID = try row.value("message_id")
        record.attempt = try row.value("attempt")
        record.errorCode = try row.value("error_code")
        record.errorMessage = try row.value("error_message")
        record.resultData = try row.value("result_data")
        record.updatedAt = try row.value("updated_at")
        record.startedAt = try row.value("started_at")
        record.heartbeatAt = try row.value("heartbeat_at")
        record.completedAt = try row.value("completed_at")
        record.rate = try row.value("eta_rate")
        record.progressAt = try row.value("progress_at")
        record.version = try row.value("version")
        return record
    }
}
