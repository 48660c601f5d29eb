import Foundation
import PostriderJobs
import PostriderJobsSQL
import PostriderSQL
import Synchronization
import Testing

/// A database that the framework's storage is tried on.
enum StorageBed: Sendable, CaseIterable, CustomTestStringConvertible {
    case sqlite
    #if Postgres
    case postgres
    case pooledPostgres
    #endif

    var testDescription: String {
        switch self {
        case .sqlite: "SQLite"
        #if Postgres
        case .postgres: "PostgreSQL"
        case .pooledPostgres: "PostgreSQL behind a pooler"
        #endif
        }
    }

    /// Runs a body on an empty, migrated database of its own, which is removed afterwards.
    func run(_ body: @escaping @Sendable (SQLJobStorage) async throws -> Void) async throws {
        switch self {
        case .sqlite: try await Self.use(.temporary, body)
        #if Postgres
        case .postgres, .pooledPostgres: try await PostgresBed.run(isPooled: self == .pooledPostgres, body)
        #endif
        }
    }

    /// Opens a database, runs a body while notifications are delivered, and closes it.
    static func use(
        _ location: SQLLocation,
        _ body: @escaping @Sendable (SQLJobStorage) async throws -> Void
    ) async throws {
        let database = try await SQLDatabase.open(location)
        let storage = SQLJobStorage(database)
        let failure: (any Error)? = await withTaskGroup(of: (any Error)?.self) { group in
            group.addTask {
                try? await database.run()
                return nil
            }
            do {
                try await storage.migrate()
                try await body(storage)
                group.cancelAll()
                return nil
            } catch {
                group.cancelAll()
                return error
            }
        }
        try await database.close()
        if let failure { throw failure }
    }
}
