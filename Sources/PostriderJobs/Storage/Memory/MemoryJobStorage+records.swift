import Synchronization

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A change that those who watch are to hear of, once the state is no longer locked.
struct Told {
    let requestID: String
    let watchers: [@Sendable (String) -> Void]

    func tell() {
        for watcher in watchers { watcher(requestID) }
    }
}

extension MemoryJobStorage: JobRecordStore {
    /// Adds a record.
    public func create(_ record: JobRecord) async throws {
        let told = try state.withLock { state in
            guard state.records.value(record.requestID, now: record.createdAt) == nil else {
                throw JobsError(.recordExists, "a record with this request id exists")
            }
            state.keep(record, now: record.createdAt)
            return Told(requestID: record.requestID, watchers: Array(state.watchers.values))
        }
        told.tell()
    }

    /// The record of a request id.
    public func record(_ requestID: String) async throws -> JobRecord? {
        state.withLock { $0.records.value(requestID) }
    }

    /// Applies a change.
    public func apply(
        _ change: JobRecordChange,
        to requestID: String,
        now: Date
    ) async throws -> JobRecordUpdate {
        let (update, told) = state.withLock { state in
            let update = state.apply(change, to: requestID, now: now)
            return (update, Told(requestID: requestID, watchers: Array(state.watchers.values)))
        }
        if case .changed = update { told.tell() }
        return update
    }

    /// Records that show no sign of life.
    public func stalledRecords(before moment: Date, limit: Int) async throws -> [JobRecord] {
        stalled(before: moment, limit: limit) { _ in true }
    }

    /// Those from behind one of them on.
    public func stalledRecords(after record: JobRecord, before moment: Date, limit: Int) async throws -> [JobRecord] {
        stalled(before: moment, limit: limit) { $0.place > record.place }
    }

    private func stalled(before moment: Date, limit: Int, _ isMeant: (JobRecord) -> Bool) -> [JobRecord] {
        let stalled = state.withLock { state in
            state.records.values(now: moment).filter {
                !$0.status.isTerminal && $0.lastSignOfLife < moment && isMeant($0)
            }
        }
        return Array(stalled.sorted { $0.place < $1.place }.prefix(max(0, limit)))
    }

    /// Tells of changes until it is cancelled.
    public func watch(_ onChange: @escaping @Sendable (_ requestID: String) -> Void) async throws {
        let id = state.withLock { state in
            state.watcherCount += 1
            state.watchers[state.watcherCount] = onChange
            return state.watcherCount
        }
        defer { state.withLock { _ = $0.watchers.removeValue(forKey: id) } }
        // Nothing ever comes through: the stream ends when the task is cancelled.
        let (forever, continuation) = AsyncStream<Never>.makeStream()
        defer { continuation.finish() }
        for await _ in forever {}
        try Task.checkCancellation()
    }
}

extension MemoryJobStorage.State {
    mutating func apply(_ change: JobRecordChange, to requestID: String, now: Date) -> JobRecordUpdate {
        guard let record = records.value(requestID) else { return .missing }
        guard let changed = record.applying(change, at: now) else { return .unchanged(record) }
        keep(changed, now: now)
        return .changed(changed)
    }

    fileprivate mutating func keep(_ record: JobRecord, now: Date) {
        let expiresAt = record.completedAt?.adding(MemoryJobStorage.endedRecordTTL) ?? .distantFuture
        records.set(record.requestID, to: record, until: expiresAt, now: now)
    }
}

extension JobRecord {
    /// When the handler was last known to live.
    fileprivate var lastSignOfLife: Date { status == .queued ? updatedAt : heartbeatAt ?? startedAt ?? updatedAt }

    /// Where it stands among those that show none.
    fileprivate var place: (Date, String) { (lastSignOfLife, requestID) }
}
