#if Postgres
import Foundation
import PostriderJobsSQL
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
        try psql(database: nil, ["CREATE DATABASE \(name) OWNER postrider"])
        defer { try? psql(database: nil, ["DROP DATABASE \(name) WITH (FORCE)"]) }
        if !statements.isEmpty { try psql(database: name, statements) }
        guard isPooled else { return try await StorageBed.use(.postgres(url: direct), body) }
        let pooled = try url("POSTRIDER_TEST_PGBOUNCER_URL", database: name)
        try await StorageBed.use(.postgres(url: pooled, isPooled: true, directURL: direct), body)
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
    private static func psql(database: String?, _ statements: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let server = try url("POSTRIDER_TEST_POSTGRES_SUPERUSER_URL", database: database)
        process.arguments =
            ["psql", server, "-X", "-q", "-v", "ON_ERROR_STOP=1"] + statements.flatMap { ["-c", $0] }
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] = "/usr/lib/postgresql/15/bin:" + (environment["PATH"] ?? "/usr/bin:/bin")
        process.environment = environment
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(description: "psql: \(statements)") }
    }
}
#endif
