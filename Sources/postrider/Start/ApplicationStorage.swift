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
    /// - Throws: ``StartError`` when it cannot be used.
    static func open(_ plan: ApplicationPlan, folder: String, logger: Logger) async throws -> ApplicationStorage {
        do {
            let location = try SQLLocation(environment: plan.database, dataFolder: folder)
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
            throw StartError("the applications' database cannot be used: \(error)")
        }
    }

    /// Gives everything back; nothing may use it any more.
    func close() async throws {
        try await database.close()
    }
}
