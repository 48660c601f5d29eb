import Logging
import PostriderJobs
import PostriderJobsSQL
import PostriderSQL
import ServiceLifecycle

/// Where the applications' jobs keep their data.
struct ApplicationStorage: Sendable {
    let storage: JobStorage
    /// Must run for the changes of other processes to be heard of.
    let database: SQLDatabase

    /// Opens the database and brings its tables up to date.
    ///
    /// - Throws: ``StartError`` when it cannot be used; a passing one when a server is not there now.
    static func open(_ plan: ApplicationPlan, folder: String, logger: Logger) async throws -> ApplicationStorage {
        var isServer = false
        do {
            let location = try SQLLocation(environment: plan.database, dataFolder: folder)
            isServer = location.dialect == .postgres
            let database = try await SQLDatabase.open(location, logger: logger)
            do {
                let storage = SQLJobStorage(database)
                try await storage.migrate()
                return ApplicationStorage(storage: JobStorage(storage), database: database)
            } catch {
                // What went wrong first is what is told.
                try? await database.close()
                throw error
            }
        } catch {
            let isPassing = isServer && (error as? SQLError).map { Self.passing.contains($0.code) } == true
            throw StartError("the applications' database cannot be used: \(error)", isPassing: isPassing)
        }
    }

    /// What a database server that is not there, starts or is busy comes to.
    private static let passing: Set<SQLError.Code> = [
        .unavailable, .commitUncertain, .serializationFailure, .deadlineExceeded,
    ]

    /// Gives everything back; nothing may use it any more.
    func close() async throws {
        try await database.close()
    }
}
