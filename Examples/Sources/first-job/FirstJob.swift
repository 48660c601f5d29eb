import HTTPTypes
import PostriderJobs
import QStash

/// What the server answers: the job, the endpoint by which a user starts it, and those by which it is watched.
func firstJob() throws -> JobServer {
    let origin = "http://127.0.0.1:9000"
    var routes = JobRoutes()

    routes.job(MakeReport.self) { report, context in
        try await report.run(context)
    }
    routes.user(.post, "/api/reports") { request in
        let report = try request.decode(MakeReport.self)
        guard let publisher = request.publisher else { throw UserError(503, "no_broker", "there is no broker") }
        let record = try await publisher.publishTracked(report, userID: request.identity.userID)
        return .json(status: 202, ["requestId": .string(record.requestID)])
    }
    let client = try QStashClient()
    routes.status(JobStatusOptions(client: client))

    var configuration = JobServer.Configuration(publicBaseURL: origin)
    configuration.publisher = try JobPublisher(client: client, origin: origin)
    return try JobServer(routes, configuration: configuration, storage: .inMemory(), identity: LocalIdentity())
}
