#if Postgres
import Foundation
import Logging
import PostriderJobsSQL
import PostriderPostgres
import PostriderSQL

/// Databases of their own on the PostgreSQL server that the environment names.
enum PostgresBed {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs a body on an empty, migrated database, which is dropped afterwards.
    ///
    /// - Parameter statements: What the server's administrator does in it first.
    static func run(
        isPooled: Bool = false,
        preparedBy statements: [String] = [],
        _ body: @escaping @Sendable (SQLJobStorage) async throws -> Void
    ) async throws {
        let name = "postrider_jobs_" + UUID().uuidString.lowercased().replacingOccurrences(of: "-", with: "")
        let direct = try url("POSTRIDER_TEST_POSTGRES_URL", database: name)
        try await administer(database: nil, ["CREATE DATABASE \(name) OWNER postrider"])
        do {
            if !statements.isEmpty { try await administer(database: name, statements) }
            if isPooled {
                let pooled = try url("POSTRIDER_TEST_PGBOUNCER_URL", database: name)
                try await StorageBed.use(.postgres(url: pooled, isPooled: true, directURL: direct), body)
            } else {
                try await StorageBed.use(.postgres(url: direct), body)
            }
        } catch {
            try? await administer(database: nil, ["DROP DATABASE \(name) WITH (FORCE)"])
            throw error
        }
        try await administer(database: nil, ["DROP DATABASE \(name) WITH (FORCE)"])
    }

    /// A variable's URL with another database.
    static func url(_ variable: String, database: String?) throws -> String {
        guard let text = ProcessInfo.processInfo.environment[variable], let url = URL(string: text) else {
            throw Failure(description: "\(variable) is not set: run scripts/test.sh, or scripts/postgres.sh start")
        }
        guard let database else { return text }
        return url.deletingLastPathComponent().appending(path: database).absoluteString
    }

    /// Runs statements as the server's administrator, each of its own, since databases are not made in transactions.
    private static func administer(database: String?, _ statements: [String]) async throws {
        let server = try url("POSTRIDER_TEST_POSTGRES_SUPERUSER_URL", database: database)
        var limits = PostgresLimits()
        // A machine that is busy must not reach them.
        limits.acquireTimeout = .seconds(120)
        limits.connectTimeout = .seconds(60)
        limits.statementTimeout = .seconds(120)
        let pool = PostgresPool(try PostgresConfiguration(server, limits: limits), logger: Logger(label: "test"))
        do {
            for statement in statements { try await pool.query(PostgresStatement(statement)) }
        } catch {
            await pool.shutDown()
            throw error
        }
        await pool.shutDown()
    }
}
#endif
