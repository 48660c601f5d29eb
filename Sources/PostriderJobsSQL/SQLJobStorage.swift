public import PostriderJobs
public import PostriderSQL

/// Storage of the framework in the application's own database, SQLite or PostgreSQL.
///
/// With it a handler's writes, the done marker of its delivery and the end of its record commit together:
/// `JobContext.transaction(_:)`. Several processes may share one PostgreSQL database; run the database as a service, so that
/// they hear of each other's changes.
///
/// ```swift
/// let database = try await SQLDatabase.open(.file("data/application.sqlite"))
/// let storage = SQLJobStorage(database)
/// try await storage.migrate()
/// let server = try JobServer(routes, configuration: configuration, storage: JobStorage(storage))
/// ```
public final class SQLJobStorage: Sendable {
    /// The database; the application may use it for its own tables.
    public let database: SQLDatabase

    /// Storage in a database whose tables ``migrate()`` makes.
    public init(_ database: SQLDatabase) {
        self.database = database
    }

    /// Makes the tables that are missing, and adds to those that are there what they lack.
    ///
    /// Call it before anything else, at every start.
    ///
    /// - Throws: `SQLError`; nothing was changed then.
    public func migrate() async throws {
        try await database.migrate(Self.migrations)
    }

    /// Runs one verb as a transaction; what goes wrong is told in the framework's terms.
    func transaction<Value: Sendable>(
        _ body: @escaping @Sendable (SQLTransaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await database.transaction(body)
        } catch let error as SQLError {
            throw Self.failure(error)
        }
    }

    /// Runs one verb that only reads.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (SQLTransaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await database.read(body)
        } catch let error as SQLError {
            throw Self.failure(error)
        }
    }

    /// Whether the database, and not a statement, is what failed.
    static func isOutage(_ error: SQLError) -> Bool {
        [.unavailable, .commitUncertain, .serializationFailure, .cancelled, .closed, .deadlineExceeded]
            .contains(error.code)
    }

    static func failure(_ error: SQLError) -> any Error {
        error.code == .cancelled ? CancellationError() : JobsError(.storeUnavailable, error.description)
    }
}

extension JobStorage {
    /// Storage in a database, all of it.
    public static func sql(_ database: SQLDatabase) -> JobStorage { JobStorage(SQLJobStorage(database)) }
}
