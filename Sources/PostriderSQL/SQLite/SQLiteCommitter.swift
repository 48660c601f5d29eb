import Dispatch
import Logging
import Synchronization

/// Group commit: transactions that wait at the same time share one wait for the disk.
///
/// One drain at a time runs on a queue of its own, never on the threads of tasks. Each transaction is answered after the
/// commit it is in has become durable.
final class SQLiteCommitter: Sendable {
    private let line: Mutex<TransactionLine>
    private let queue = DispatchQueue(label: "postrider.sql.commit")
    /// Nil once closed, or while they could not be opened again after the disk failed.
    private let connections: Mutex<SQLiteConnections?>
    private let isClosed = Atomic(false)
    private let open: @Sendable () throws -> SQLiteConnections
    private let hub: NotificationHub
    private let logger: Logger
    private let commits = Atomic(0)
    private let attempts = Atomic(0)

    /// - Parameter open: Opens the connections anew, after the disk failed.
    init(
        _ connections: SQLiteConnections,
        settings: SQLSettings,
        hub: NotificationHub,
        logger: Logger,
        open: @escaping @Sendable () throws -> SQLiteConnections
    ) {
        self.line = Mutex(
            TransactionLine(
                countMax: settings.waitingTransactionCountMax,
                takenMax: settings.transactionsPerCommitMax
            )
        )
        self.connections = Mutex(connections)
        self.open = open
        self.hub = hub
        self.logger = logger
    }

    /// Commits so far; fewer than transactions when those shared some.
    var commitCount: Int { commits.load(ordering: .relaxed) }

    /// Times a group of transactions was begun so far.
    var attemptCount: Int { attempts.load(ordering: .relaxed) }

    /// Transactions that wait for their turn.
    var waitingCount: Int { line.withLock { $0.count } }

    /// Runs a transaction, alone or with others, and returns once it is durable.
    func write<Value: Sendable>(_ body: @escaping @Sendable (SQLTransaction) throws -> Value) async throws -> Value {
        let id = line.withLock { $0.makeID() }
        return try await withTaskCancellationHandler {
            guard !Task.isCancelled else { throw Self.cancelled }
            return try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
                enqueue(
                    QueuedTransaction(
                        id: id,
                        perform: { session in
                            let run = try SQLScope.run(on: session, body)
                            let value = run.value
                            return PerformedTransaction(notifications: run.notifications) {
                                continuation.resume(returning: value)
                            }
                        },
                        fail: { continuation.resume(throwing: $0) }
                    )
                )
            }
        } onCancel: {
            // One that has begun is not ended half-way: others share its transaction.
            line.withLock { $0.leave(id) }?.fail(Self.cancelled)
        }
    }

    /// The connections, opened anew when the disk had failed.
    func opened() async throws -> SQLiteConnections {
        if let open = connections.withLock({ $0 }) { return open }
        return try await onQueue { try $0.reopenedIfNeeded() }
    }

    /// Works on the writing connection between two transactions.
    func exclusively<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteSession) throws -> Value
    ) async throws -> Value {
        try await onQueue { committer in
            let connections = try committer.reopenedIfNeeded()
            let (result, isDamaged) = try connections.writer.perform { session in
                (Result { try body(session) }, session.isDamaged)
            }
            if isDamaged { committer.giveUp(connections) }
            return try result.mapError { ($0 as? SQLiteFailure)?.error ?? $0 }.get()
        }
    }

    /// Refuses further transactions, ends those that wait, and closes the connections; a second time does nothing.
    func close() async throws {
        guard line.withLock({ $0.close() }) else { return }
        // The queue is serial, but a drain goes in steps: the line is emptied here.
        try await onQueue { committer in
            while committer.drainOnce() {}
            committer.isClosed.store(true, ordering: .relaxed)
            let last = committer.connections.withLock { connections in
                defer { connections = nil }
                return connections
            }
            do {
                try last?.close()
            } catch {
                throw SQLError(opening: error)
            }
        }
    }

    private func enqueue(_ transaction: QueuedTransaction) {
        switch line.withLock({ $0.enter(transaction) }) {
        case .wait: break
        case .drain: queue.async { [self] in drain() }
        case .closed: transaction.fail(Self.closed)
        case .full: transaction.fail(SQLError(.unavailable, "too many transactions wait for the database"))
        }
    }

    private func drain() {
        // In steps, so that others get at the queue between two of them.
        guard drainOnce(), line.withLock({ $0.goesOn() }) else { return }
        queue.async { [self] in drain() }
    }

    private func drainOnce() -> Bool {
        let group = line.withLock { $0.take() }
        guard !group.isEmpty else { return false }
        commit(group)
        return true
    }

    private func commit(_ group: [QueuedTransaction]) {
        attempts.add(1, ordering: .relaxed)
        do {
            let connections = try reopenedIfNeeded()
            let (outcome, isDamaged) = try connections.writer.perform { session in
                (
                    Result { () throws(SQLiteSession.GroupFailure) in try session.commitTogether(group) },
                    session.isDamaged
                )
            }
            if isDamaged { giveUp(connections) }
            switch outcome {
            case .success(let settled):
                commits.add(1, ordering: .relaxed)
                answer(settled)
            case .failure(let failure): recover(group, from: failure, isDamaged: isDamaged)
            }
        } catch {
            for transaction in group { transaction.fail(error) }
        }
    }

    private func answer(_ settled: [SQLiteSession.Settled]) {
        for settled in settled {
            switch settled {
            case .performed(let performed):
                for notification in performed.notifications {
                    hub.deliver(.payload(notification.payload), on: notification.channel)
                }
                performed.answer()
            case .failed(let transaction, let error): transaction.fail(error)
            }
        }
    }

    private func recover(_ group: [QueuedTransaction], from failure: SQLiteSession.GroupFailure, isDamaged: Bool) {
        // One that failed in a way that ended the whole transaction does not take the others down. What could not begin is not
        // tried one by one: each would wait as long as all have.
        var isOfBody = true
        if case .begin = failure { isOfBody = false }
        if group.count > 1, isOfBody, !isDamaged {
            for transaction in group { commit([transaction]) }
            return
        }
        let error: any Error =
            switch failure {
            case .begin(let failure): failure.error
            case .body(let error as SQLiteFailure): error.error
            case .body(let error) where group.count == 1 || error is SQLError: error
            // What one body threw is nothing to the others.
            case .body: SQLError(.unavailable, "the database file failed")
            // After a failed sync nobody knows what is on the disk.
            case .commit(let failure) where failure.isDamage && !failure.isFull:
                SQLError(.commitUncertain, failure.error.detail)
            case .commit(let failure): failure.error
            }
        for transaction in group { transaction.fail(error) }
    }

    /// Closes connections under which the disk failed: the next sync may succeed without having written what this lost.
    private func giveUp(_ failed: SQLiteConnections) {
        logger.error("database file failed and is opened again")
        connections.withLock { $0 = nil }
        try? failed.close()
        _ = try? reopenedIfNeeded()
    }

    /// On the queue only.
    private func reopenedIfNeeded() throws -> SQLiteConnections {
        if let open = connections.withLock({ $0 }) { return open }
        guard !isClosed.load(ordering: .relaxed) else { throw Self.closed }
        let fresh = try open()
        connections.withLock { $0 = fresh }
        return fresh
    }

    private func onQueue<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteCommitter) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { [self] in continuation.resume(with: Result { try body(self) }) }
        }
    }

    private static var cancelled: SQLError { SQLError(.cancelled, "the task was cancelled") }
    private static var closed: SQLError { SQLError(.closed, "the database is closed") }
}
