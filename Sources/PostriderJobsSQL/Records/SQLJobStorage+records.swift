public import PostriderJobs
import PostriderSQL

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension SQLJobStorage: JobRecordStore {
    /// Adds a record.
    public func create(_ record: JobRecord) async throws {
        guard try await transaction({ try RecordRows.insert(record, in: $0) }) else {
            throw JobsError(.recordExists, "a record with this request id exists")
        }
    }

    /// The record of a request id.
    public func record(_ requestID: String) async throws -> JobRecord? {
        try await read { try RecordRows.record(requestID, in: $0) }
    }

    /// Applies a change.
    public func apply(
        _ change: JobRecordChange,
        to requestID: String,
        now: Date
    ) async throws -> JobRecordUpdate {
        try await transaction { try RecordRows.apply(change, to: requestID, now: now, in: $0) }
    }

    /// Records that show no sign of life.
    public func stalledRecords(before moment: Date, limit: Int) async throws -> [JobRecord] {
        try await read { try RecordRows.stalled(before: moment, limit: limit, in: $0) }
    }

    /// Those from behind one of them on.
    public func stalledRecords(after record: JobRecord, before moment: Date, limit: Int) async throws -> [JobRecord] {
        try await read { try RecordRows.stalled(after: record, before: moment, limit: limit, in: $0) }
    }

    /// Tells of changes until it is cancelled.
    ///
    /// On PostgreSQL it hears of all processes' changes, while the database runs as a service; on SQLite of this process's.
    public func watch(_ onChange: @escaping @Sendable (_ requestID: String) -> Void) async throws {
        for await notification in database.notifications(on: RecordRows.channel) {
            if case .payload(let requestID) = notification { onChange(requestID) }
        }
        try Task.checkCancellation()
        throw JobsError(.storeUnavailable, "the database was closed")
    }
}
