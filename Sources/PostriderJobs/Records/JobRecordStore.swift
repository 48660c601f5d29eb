#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Keeps job records.
public protocol JobRecordStore: Sendable {
    /// Adds a record.
    ///
    /// - Throws: ``JobsError`` with code `record_exists` when its request id is taken; nothing was changed then.
    func create(_ record: JobRecord) async throws

    /// The record of a request id; nil when there is none.
    func record(_ requestID: String) async throws -> JobRecord?

    /// Reads a record, applies a change with ``JobRecord/applying(_:at:)`` and writes what came of it, in one atomic step.
    func apply(_ change: JobRecordChange, to requestID: String, now: Date) async throws -> JobRecordUpdate

    /// Records that are processing and whose last sign of life is older than `moment`, and queued ones that have not changed since, oldest
    /// first.
    func stalledRecords(before moment: Date, limit: Int) async throws -> [JobRecord]

    /// The same list from behind one of its records on: those whose last sign of life is later, or as late with a greater request id.
    ///
    /// - Parameter record: As it was listed; what became of it meanwhile does not matter.
    func stalledRecords(after record: JobRecord, before moment: Date, limit: Int) async throws -> [JobRecord]

    /// Calls `onChange` with the request id of each record that any process changes, until the task is cancelled.
    ///
    /// A hint, not a promise: whoever must not miss a change looks from time to time too. A driver that cannot tell waits until it is
    /// cancelled, and does nothing.
    func watch(_ onChange: @escaping @Sendable (_ requestID: String) -> Void) async throws
}

extension JobRecordStore {
    /// The list from its beginning, or from behind one of its records on.
    func stalledRecords(after record: JobRecord?, before moment: Date, limit: Int) async throws -> [JobRecord] {
        guard let record else { return try await stalledRecords(before: moment, limit: limit) }
        return try await stalledRecords(after: record, before: moment, limit: limit)
    }
}
