import GRDB
import GRDBSQLite
import Synchronization

/// A connection that belongs to one queue of GRDB's, so that it holds up none of the threads of tasks.
///
/// `@unchecked Sendable`, because `session`, the only mutable property, is touched nowhere but inside blocks that GRDB's
/// queue runs one at a time, and in `init`, when nobody else holds the connection.
final class SQLiteConnection: @unchecked Sendable {
    private let queue: DatabaseQueue
    private var session: SQLiteSession?
    private let tickets = Mutex(ReadTickets())
    private let cancellation: ReadCancellation
    private let broken = Atomic(false)
    /// The handle's address, of use while a read is under way, for then it is open.
    private let address: UInt

    /// Opens a database file, which must be there.
    init(path: String, isReadOnly: Bool, settings: SQLSettings, prepare: (SQLiteSession) throws -> Void) throws {
        var configuration = Configuration()
        configuration.readonly = isReadOnly
        configuration.label = isReadOnly ? "postrider.sql.reader" : "postrider.sql.writer"
        configuration.busyMode = .timeout(Double(settings.busyMilliseconds) / 1_000)
        // The session sees to it that transactions end; one that does not is no reason to end the process.
        configuration.allowsUnsafeTransactions = true
        self.queue = try DatabaseQueue(path: path, configuration: configuration)
        let cancellation = ReadCancellation()
        let made = try queue.writeWithoutTransaction { database -> SQLiteSession in
            guard let handle = database.sqliteConnection else { throw Self.closed }
            let session = SQLiteSession(handle: handle, statementCountMax: settings.statementCountMax)
            if isReadOnly { session.watch(cancellation) }
            try prepare(session)
            return session
        }
        self.cancellation = cancellation
        self.address = UInt(bitPattern: made.handle)
        self.session = made
    }

    /// Works on the connection and waits for the end; not to be called from a task's thread.
    func perform<Value>(_ body: (SQLiteSession) throws -> Value) throws -> Value {
        try queue.writeWithoutTransaction { _ in
            guard let session else { throw Self.closed }
            return try body(session)
        }
    }

    /// Whether the file failed under a read, so that it is of no further use.
    var isBroken: Bool { broken.load(ordering: .acquiring) }

    /// Reads when the connection is free; cancellation takes it out of the line or interrupts it.
    func read<Value: Sendable>(_ body: @escaping @Sendable (SQLTransaction) throws -> Value) async throws -> Value {
        let id = tickets.withLock { $0.draw() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
                queue.asyncWriteWithoutTransaction { [self] _ in
                    continuation.resume(with: Result { try readNow(id, body) })
                }
            }
        } onCancel: {
            tickets.withLock { tickets in
                guard tickets.cancel(id) else { return }
                cancellation.set(true)
                sqlite3_interrupt(OpaquePointer(bitPattern: address))
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
        let isWanted = tickets.withLock { tickets in
            cancellation.set(false)
            return tickets.begin(id)
        }
        guard isWanted else { throw SQLError(.cancelled, "the task was cancelled") }
        defer { tickets.withLock { $0.end() } }
        guard let session else {
            throw isBroken ? SQLError(.unavailable, "the database file failed") : Self.closed
        }
        defer { if session.isDamaged { broken.store(true, ordering: .releasing) } }
        return try session.snapshot(body)
    }

    private static var closed: SQLError { SQLError(.closed, "the database is closed") }
}
