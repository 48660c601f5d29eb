import Foundation
import PostriderSQL
import Testing

/// A database that the checks run on.
enum SQLBackend: String, CaseIterable, Sendable {
    case sqlite
    #if Postgres
    case postgres
    case pgbouncer
    #endif

    /// Bounds that a busy machine does not reach.
    private static let patient = SQLSettings(connectTimeout: .seconds(60), transactionTimeout: .seconds(120))

    /// An open database with a place of its own in it.
    func open(settings: SQLSettings? = nil) async throws -> SQLBed {
        let name = "t\(UUID().uuidString.lowercased().replacing("-", with: "").prefix(20))"
        let database = try await SQLDatabase.open(location, settings: settings ?? Self.patient)
        return SQLBed(database: database, backend: self, name: name)
    }

    /// Where it is; a server that the environment does not name is a failure.
    var location: SQLLocation {
        get throws {
            switch self {
            case .sqlite: return .temporary
            #if Postgres
            case .postgres: return .postgres(url: try Self.url("POSTGRES"))
            case .pgbouncer:
                return .postgres(
                    url: try Self.url("PGBOUNCER"),
                    isPooled: true,
                    directURL: try Self.url("POSTGRES")
                )
            #endif
            }
        }
    }

    /// The URL of a test server; `scripts/test.sh` starts them.
    static func url(_ name: String) throws -> String {
        try #require(
            ProcessInfo.processInfo.environment["POSTRIDER_TEST_\(name)_URL"],
            "scripts/postgres.sh starts a server and prints its environment"
        )
    }
}
