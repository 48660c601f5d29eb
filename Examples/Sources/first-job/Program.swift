import Hummingbird
import PostriderJobs
import PostriderJobsHummingbird

@main
struct Program {
    static func main() async throws {
        let server = try firstJob()
        let router = Router(context: JobsRequestContext.self)
        router.add(middleware: JobsMiddleware(server))
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 9000)),
            services: [JobRecordWatch(server)]
        )
        try await application.runService()
    }
}
