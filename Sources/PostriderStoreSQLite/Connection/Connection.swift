import GRDB
import PostriderCore

/// A connection that belongs to one queue, and the part of the store that works on it: a ``Writer`` or a ``Reader``.
///
/// `@unchecked Sendable`, because `worker`, the only mutable property, is touched nowhere but inside blocks that GRDB's
/// queue runs one at a time, and in `init` and `deinit`, when nobody else holds the connection.
final class Connection<Worker>: @unchecked Sendable {
    private let queue: DatabaseQueue
    private var worker: Worker?
    private let finish: @Sendable (Worker) -> Void

    /// Opens the database, which must be there.
    ///
    /// - Parameters:
    ///   - make: Makes the worker, on the connection's queue.
    ///   - finish: Lets the worker give up what it holds of the connection.
    init(
        path: String,
        isReadOnly: Bool,
        make: (Session) throws -> Worker,
        finish: @escaping @Sendable (Worker) -> Void
    ) throws {
        var configuration = Configuration()
        configuration.readonly = isReadOnly
        configuration.label = isReadOnly ? "postrider.store.reader" : "postrider.store.writer"
        // Nobody else writes; a reader may still meet the last steps of a recovery or a close.
        configuration.busyMode = .timeout(5)
        // The worker sees to it that transactions end; one that does not is no reason to end the process.
        configuration.allowsUnsafeTransactions = true
        self.finish = finish
        self.queue = try DatabaseQueue(path: path, configuration: configuration)
        self.worker = nil
        try queue.writeWithoutTransaction { database in
            guard let handle = database.sqliteConnection else { throw Self.closed }
            worker = try make(Session(handle: handle))
        }
    }

    /// Works on the connection and waits for the end; not to be called from a task's thread.
    func perform<Value>(_ body: (Worker) throws -> Value) throws -> Value {
        try queue.writeWithoutTransaction { _ in
            guard let worker else { throw Self.closed }
            return try body(worker)
        }
    }

    /// Works on the connection when it is free.
    func enqueue(_ body: @escaping @Sendable (Result<Worker, StoreError>) -> Void) {
        queue.asyncWriteWithoutTransaction { [self] _ in
            body(worker.map { .success($0) } ?? .failure(Self.closed))
        }
    }

    /// Closes the connection once what was asked of it is done; later work throws `closed`.
    func close() throws {
        queue.writeWithoutTransaction { _ in
            if let worker { finish(worker) }
            worker = nil
        }
        try queue.close()
    }

    private static var closed: StoreError { StoreError(.closed, detail: "the store is closed") }
}
