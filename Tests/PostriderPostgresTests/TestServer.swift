#if Postgres
import Foundation
import Logging
import PostriderPostgres
import Testing

/// The servers that scripts/postgres.sh has started; a test that does not find them fails.
enum TestServer {
    /// How a test reaches the server.
    enum Route: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case direct
        case pooled

        var testDescription: String { rawValue }
    }

    static func url(_ route: Route = .direct) throws -> String {
        let name = route == .direct ? "POSTRIDER_TEST_POSTGRES_URL" : "POSTRIDER_TEST_PGBOUNCER_URL"
        return try #require(
            ProcessInfo.processInfo.environment[name],
            "\(name) is not set: see scripts/postgres.sh; `make test` does it all"
        )
    }

    static func configuration(
        _ route: Route = .direct,
        applicationName: String = "postrider-tests",
        _ change: (inout PostgresLimits) -> Void = { _ in }
    ) throws -> PostgresConfiguration {
        var limits = PostgresLimits()
        // Bounds against a server that hangs; a machine that is busy must not reach them.
        limits.acquireTimeout = .seconds(120)
        limits.connectTimeout = .seconds(60)
        limits.transactionTimeout = .seconds(240)
        limits.statementTimeout = .seconds(240)
        limits.idleInTransactionTimeout = .seconds(240)
        change(&limits)
        return try PostgresConfiguration(
            try url(route),
            isPooled: route == .pooled,
            applicationName: applicationName,
            limits: limits
        )
    }

    /// A pool for one test, shut down at its end.
    @discardableResult
    static func withPool<Value>(
        _ route: Route = .direct,
        applicationName: String = "postrider-tests",
        _ change: (inout PostgresLimits) -> Void = { _ in },
        _ body: (PostgresPool) async throws -> Value
    ) async throws -> Value {
        let pool = PostgresPool(
            try configuration(route, applicationName: applicationName, change),
            logger: Logger(label: "test")
        )
        do {
            let value = try await body(pool)
            await pool.shutDown()
            return value
        } catch {
            await pool.shutDown()
            throw error
        }
    }

    /// A table for one test, dropped at its end.
    @discardableResult
    static func withTable<Value>(
        _ pool: PostgresPool,
        _ columns: String,
        _ body: (String) async throws -> Value
    ) async throws -> Value {
        let name = "t_" + UUID().uuidString.lowercased().replacingOccurrences(of: "-", with: "")
        try await pool.query(PostgresStatement("CREATE TABLE \(name) (\(columns))"))
        do {
            let value = try await body(name)
            try await pool.query(PostgresStatement("DROP TABLE \(name)"))
            return value
        } catch {
            _ = try? await pool.query(PostgresStatement("DROP TABLE IF EXISTS \(name)"))
            throw error
        }
    }
}

/// Runs what must fail and gives its error.
func failure<Value>(_ body: () async throws -> Value) async throws -> PostgresError {
    do {
        _ = try await body()
    } catch let error as PostgresError {
        return error
    }
    Issue.record("nothing was thrown")
    return PostgresError(.protocolError, "nothing was thrown")
}
#endif
