#if Postgres
import Logging
import PostriderPostgres
import ServiceLifecycle
import Synchronization

/// PostgreSQL: a pool of connections, and one that listens.
final class PostgresDriver: SQLDriver {
    private let pool: PostgresPool
    /// For migrations, which may take longer and go past a pooler.
    private let migrationConfiguration: PostgresConfiguration
    /// Nil when there is only a pooler.
    private let listener: PostgresListener?
    /// For those who listen when there is only a pooler.
    private let hub: NotificationHub
    private let ending = AsyncStream.makeStream(of: Void.self)
    private let repetitions = Atomic(0)
    private let settings: SQLSettings
    private let logger: Logger

    init(_ location: PostgresLocation, settings: SQLSettings, logger: Logger) throws {
        var limits = PostgresLimits()
        limits.connectionCountMax = settings.connectionCountMax
        limits.waiterCountMax = settings.waitingTransactionCountMax
        limits.acquireTimeout = settings.connectTimeout
        limits.transactionTimeout = settings.transactionTimeout
        limits.statementTimeout = settings.transactionTimeout
        limits.lockTimeout = settings.transactionTimeout
        limits.idleInTransactionTimeout = settings.transactionTimeout
        limits.preparedStatementCountMax = settings.statementCountMax
        limits.idleTimeout = settings.idleTimeout
        limits.notificationCountMax = settings.waitingNotificationCountMax
        do {
            let configuration = try PostgresConfiguration(location.url, isPooled: location.isPooled, limits: limits)
            pool = PostgresPool(configuration, logger: logger)
            listener = try location.sessionURL.map { url in
                try PostgresListener(PostgresConfiguration(url, limits: limits), logger: logger)
            }
            limits.connectionCountMax = 1
            limits.transactionTimeout = settings.migrationTimeout
            limits.statementTimeout = settings.migrationTimeout
            limits.lockTimeout = settings.migrationTimeout
            limits.idleInTransactionTimeout = settings.migrationTimeout
            migrationConfiguration = try PostgresConfiguration(
                location.sessionURL ?? location.url,
                isPooled: location.sessionURL == nil,
                limits: limits
            )
        } catch let error as PostgresError {
            throw SQLError(error)
        }
        self.hub = NotificationHub(countMax: settings.waitingNotificationCountMax)
        self.settings = settings
        self.logger = logger
    }

    var dialect: SQLDialect { .postgres }

    func transaction<Value: Sendable>(
        _ body: @escaping @Sendable (SQLTransaction) throws -> Value
    ) async throws -> Value {
        try await run(.readWrite, on: pool, body)
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (SQLTransaction) throws -> Value
    ) async throws -> Value {
        // One state of the data for all statements, as on SQLite.
        try await run(PostgresTransaction(isolation: .repeatableRead, isReadOnly: true), on: pool, body)
    }

    func migrate(_ migrations: SQLMigrations) async throws {
        let pool = PostgresPool(migrationConfiguration, logger: logger)
        do {
            try await run(.readWrite, on: pool) { transaction in
                try SchemaMigrator(transaction: transaction).migrate(migrations)
            }
        } catch {
            await pool.shutDown()
            throw error
        }
        await pool.shutDown()
    }

    func notifications(on channel: String) -> SQLNotifications {
        guard let listener else { return hub.subscribe(to: channel) }
        return SQLNotifications(source: .server(listener.events(on: channel)))
    }

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.listen() }
            // The pool's own run() would shut it down when the shutdown begins, under those who still work.
            group.addTask { await self.pool.closeUnused() }
            group.addTask {
                // Ends when the database is closed, or with the task.
                for await _ in self.ending.stream {}
            }
            await group.next()
            group.cancelAll()
        }
    }

    func close() async throws {
        ending.continuation.finish()
        hub.close()
        if let listener {
            // Running it in a cancelled task is what ends its sequences, whether it was running or not.
            await withTaskGroup(of: Void.self) { group in
                group.cancelAll()
                group.addTask { try? await listener.run() }
            }
        }
        await pool.shutDown()
    }

    private func listen() async {
        if let listener {
            try? await listener.run()
            return
        }
        await cancelWhenGracefulShutdown {
            while (try? await ContinuousClock().sleep(for: self.settings.pollInterval)) != nil {
                self.hub.deliverToAll(.mayHaveMissed)
            }
        }
    }

    /// Lets those that got in each other's way begin again one after the other.
    private func standBack() async throws {
        let turn = repetitions.add(1, ordering: .relaxed).newValue % 8
        do {
            try await ContinuousClock().sleep(for: .milliseconds(5 * turn))
        } catch {
            throw SQLError(.cancelled, "the task was cancelled")
        }
    }

    private func run<Value: Sendable>(
        _ kind: PostgresTransaction,
        on pool: PostgresPool,
        _ body: @escaping @Sendable (SQLTransaction) throws -> Value
    ) async throws -> Value {
        var attemptCount = 1
        while true {
            do {
                return try await pool.withTransaction(kind) { session in
                    try SQLScope.run(on: PostgresSQLSession(session), body).value
                }
            } catch {
                let error = (error as? PostgresError).map { SQLError($0) } ?? error
                guard (error as? SQLError)?.code == .serializationFailure, attemptCount < settings.attemptCountMax,
                    !Task.isCancelled
                else { throw error }
                attemptCount += 1
                try await standBack()
            }
        }
    }
}
#endif
