#if Postgres
package import Logging
import ServiceLifecycle
import Synchronization

/// A bounded number of connections that tasks take turns with.
///
/// Connections are opened when they are needed; it serves without being run. ``run()`` adds that unused connections are closed in
/// time, and an orderly end.
package final class PostgresPool: Service, Sendable {
    typealias Waiter = CheckedContinuation<Turn, Never>
    typealias State = PoolState<PostgresConnection, Waiter>

    /// How waiting in the line ended.
    enum Turn: Sendable {
        case existing(PostgresConnection, openedAt: ContinuousClock.Instant)
        case opening
        /// The task was cancelled, or waited too long.
        case left
        case closed
    }

    /// A connection in one task's hands.
    struct Lease: Sendable {
        let connection: PostgresConnection
        let openedAt: ContinuousClock.Instant
        /// When this task opened it itself.
        let begunAt: ContinuousClock.Instant?
    }

    /// What is behind the pool's lock.
    struct Shared {
        var state: State
        var lastID: UInt64 = 0
        /// Work under way, to be ended when a shutdown's patience is.
        var operations: [ObjectIdentifier: PostgresOperation] = [:]
        /// Who waits for the last connection to come back.
        var drainers: [CheckedContinuation<Void, Never>] = []
        /// Whether a shutdown ends work under way, that which is about to begin included.
        var isCancelling = false
        /// Whether a shutdown waits no longer even for that.
        var hasStoppedDraining = false
    }

    package let configuration: PostgresConfiguration
    let logger: Logger
    let shared: Mutex<Shared>

    package init(_ configuration: PostgresConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        shared = Mutex(Shared(state: State(limits: configuration.limits)))
    }

    /// Runs a closure in a transaction, wholly on the connection's own thread, and commits it.
    ///
    /// A connection that proves broken before the closure has begun is replaced; the closure itself runs once.
    ///
    /// - Parameters:
    ///   - kind: How the transaction begins.
    ///   - timeout: How long it may take, the wait for a connection included; nil for the configuration's `transactionTimeout`.
    ///   - body: Blocks nobody but its connection. Its session is of no use afterwards.
    /// - Throws: What the closure throws, after a rollback, or ``PostgresError``. With any code but `commit_uncertain` nothing was done.
    package func withTransaction<Value: Sendable>(
        _ kind: PostgresTransaction = .readWrite,
        timeout: Duration? = nil,
        _ body: @Sendable (PostgresSession) throws -> Value
    ) async throws -> Value {
        try await withLease(timeout: timeout) { connection, operation in
            try await connection.transaction(kind, operation, body)
        }
    }

    /// Runs a closure whose statements, and pipelines, stand each for itself.
    ///
    /// - Throws: As ``withTransaction(_:timeout:_:)``; what earlier statements did stays done, and a connection that breaks under a
    ///   statement gives `commit_uncertain`.
    package func withConnection<Value: Sendable>(
        timeout: Duration? = nil,
        _ body: @Sendable (PostgresSession) throws -> Value
    ) async throws -> Value {
        try await withLease(timeout: timeout) { connection, operation in
            try await connection.autocommit(operation, body)
        }
    }

    /// Runs one statement that stands for itself.
    ///
    /// - Throws: ``PostgresError``, as ``withConnection(timeout:_:)``.
    @discardableResult
    package func query(_ statement: PostgresStatement, timeout: Duration? = nil) async throws -> PostgresResult {
        try await withConnection(timeout: timeout) { session in try session.query(statement) }
    }

    /// How many connections are open, or being opened.
    package var connectionCount: Int { shared.withLock { $0.state.connectionCount } }

    /// How many tasks wait for a connection.
    package var waiterCount: Int { shared.withLock { $0.state.waiters.count } }

    /// How many connections are used, or being opened.
    package var usedCount: Int { shared.withLock { $0.state.usedCount } }

    private func withLease<Value: Sendable>(
        timeout: Duration?,
        _ work: (PostgresConnection, PostgresOperation) async throws -> Value
    ) async throws -> Value {
        let deadline = ContinuousClock.now + (timeout ?? configuration.limits.transactionTimeout)
        while true {
            let lease = try await acquire(until: deadline)
            let operation = PostgresOperation(deadline: deadline, signal: lease.connection.signal)
            begin(operation)
            do {
                let value = try await withTaskCancellationHandler {
                    try await work(lease.connection, operation)
                } onCancel: {
                    operation.cancel()
                }
                end(operation, lease)
                return value
            } catch let error as NotStarted {
                end(operation, lease, failure: error.cause)
                guard error.cause.code == .connectionLost, ContinuousClock.now < deadline else { throw error.cause }
                logger.debug("connection replaced", metadata: ["reason": "\(error.cause)"])
            } catch {
                end(operation, lease)
                throw error
            }
        }
    }

    private func begin(_ operation: PostgresOperation) {
        let isCancelling = shared.withLock { shared in
            shared.operations[ObjectIdentifier(operation)] = operation
            return shared.isCancelling
        }
        if isCancelling { operation.cancel() }
    }

    /// Gives the connection back.
    private func end(_ operation: PostgresOperation, _ lease: Lease, failure: PostgresError? = nil) {
        shared.withLock { shared in
            shared.operations[ObjectIdentifier(operation)] = nil
            // A pooler can answer while the server behind it does not: then a new connection is no better.
            if let failure, failure.code == .connectionLost, let begunAt = lease.begunAt {
                shared.state.failedToConnect(failure, begunAt: begunAt, now: .now)
            } else if lease.begunAt != nil, failure == nil {
                shared.state.connected()
            }
        }
        release(lease)
    }
}
#endif
