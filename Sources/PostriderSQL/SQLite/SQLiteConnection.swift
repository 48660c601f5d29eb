import GRDB
import GRDBSQLite
import Synchronization

/// A connection that belongs to one queue of GRDB's, so that it holds up none of the threads of tasks.
///
/// `@unchecked Sendable`, because `session`, the only mutable property, is touched nowhere but inside blocks that GRDB's
/// queue runs one at a time, and in `init`, when nobody else holds the connection.
final class SQLiteConnection: @unchecked Sendable {
    private struct Reading {
        var lastID = 0
        /// The read under way.
        var current: Int?
        /// Reads that were cancelled before they began.
        var cancelled: Set<Int> = []
        /// The handle's address, of use while a read is under way, for then it is open.
        let handle: UInt
    }

    private let queue: DatabaseQueue
    private var session: SQLiteSession?
    private let reading: Mutex<Reading>

    /// Opens a database file, which must be there.
    init(path: String, isReadOnly: Bool, settings: SQLSettings, prepare: (SQLiteSession) throws -> Void) throws {
        var configuration = Configuration()
        configuration.readonly = isReadOnly
        configuration.label = isReadOnly ? "postrider.sql.reader" : "postrider.sql.writer"
        configuration.busyMode = .timeout(Double(settings.busyMilliseconds) / 1_000)
        // The session sees to it that transactions end; one that does not is no reason to end the process.
        configuration.allowsUnsafeTransactions = true
        self.queue = try DatabaseQueue(path: path, configuration: configuration)
        let made = try queue.writeWithoutTransaction { database -> SQLiteSession in
            guard let handle = database.sqliteConnection else { throw Self.closed }
            let session = SQLiteSession(handle: handle, statementCountMax: settings.statementCountMax)
            try prepare(session)
            return session
        }
        self.reading = Mutex(Reading(handle: UInt(bitPattern: made.handle)))
        self.session = made
    }

    /// Works on the connection and waits for the end; not to be called from a task's thread.
    func perform<Value>(_ body: (SQLiteSession) throws -> Value) throws -> Value {
        try queue.writeWithoutTransaction { _ in
            guard let session else { throw Self.closed }
            return try body(session)
        }
    }

    /// Reads when the connection is free; cancellation takes it out of the line or interrupts it.
    func read<Value: Sendable>(_ body: @escaping @Sendable (SQLTransaction) throws -> Value) async throws -> Value {
        let id = reading.withLock { reading in
            reading.lastID += 1
            return reading.lastID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
                queue.asyncWriteWithoutTransaction { [self] _ in
                    continuation.resume(with: Result { try readNow(id, body) })
                }
            }
        } onCancel: {
            reading.withLock { reading in
                if reading.current == id {
                    sqlite3_interrupt(OpaquePointer(bitPattern: reading.handle))
                } else {
                    reading.cancelled.insert(id)
                }
            }
        }
    }

    /// Closes the connection once what was asked of it is done; later work throws `closed`.
    func close() throws {
        queue.writeWithoutTransaction { _ in
            session?.finalize()
            session = nil
        }
        try queue.close()
    }

    private func readNow<Value>(_ id: Int, _ body: (SQLTransaction) throws -> Value) throws -> Value {
        guard let session else { throw Self.closed }
        let isCancelled = reading.withLock { reading in
            // Ids grow and reads run in their order: what was noted before this one has long been answered.
            defer { reading.cancelled = reading.cancelled.filter { $0 > id } }
            guard !reading.cancelled.contains(id) else { return true }
            reading.current = id
            return false
        }
        guard !isCancelled else { throw SQLError(.cancelled, "the task was cancelled") }
        defer { reading.withLock { $0.current = nil } }
        return try session.snapshot(body)
    }

    private static var closed: SQLError { SQLError(.closed, "the database is closed") }
}
