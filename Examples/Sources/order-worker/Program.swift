import Foundation
import Hummingbird
import PostriderJobs
import PostriderJobsHummingbird
import PostriderSQL

/// Serves the worker on `PORT`, 9100 unless it is set.
@main
struct Program {
    static func main() async throws {
        let environment = ProcessInfo.processInfo.environment
        let port = environment["PORT"].flatMap(Int.init) ?? 9_100
        let worker = try await Worker(port: port, environment: environment)
        let router = Router(context: JobsRequestContext.self)
        router.add(middleware: JobsMiddleware(worker.server))
        router.get("health") { _, _ in ["status": "ok"] }
        router.get("running") { _, _ in ["handlers": worker.shipping.running] }
        router.get("shipments") { _, _ in try await worker.shipping.shipments() }
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: port)),
            services: [worker.database, JobRecordWatch(worker.server)]
        )
        try await application.runService()
        try await worker.database.close()
    }
}
