import HTTPTypes
package import PostriderJobs

/// The application `demo`: one job, and the endpoint by which a user starts it.
package enum Demo {
    /// Where a user starts a countdown.
    static let startPath = "/api/demo/countdown"

    /// Adds the routes of the application.
    package static func add(to routes: inout JobRoutes) {
        routes.job(Countdown.self) { countdown, context in try await countdown.run(context) }
        routes.user(.post, startPath) { request in try await start(request) }
    }

    /// Publishes a countdown that belongs to who asks.
    private static func start(_ request: UserRequest) async throws -> UserAnswer {
        let countdown = try request.decode(Countdown.self)
        guard let publisher = request.publisher else {
            throw UserError(503, "service_unavailable", "this server has no broker to publish to")
        }
        let record: JobRecord
        do {
            record = try await publisher.publishTracked(countdown, userID: request.identity.userID)
        } catch let error as JobsError where [.publishFailed, .publishUncertain].contains(error.code) {
            throw UserError(503, "publish_failed", "the broker did not take the job; try again", retryAfter: 1)
        }
        let path = "/api/jobs/\(record.requestID)"
        return .json(
            status: 202,
            [
                "requestId": .string(record.requestID),
                "messageId": record.messageID.map { .string($0) } ?? .null,
                "status": "queued",
                "progress": 0,
                "checkStatusUrl": .string(path),
                "eventsUrl": .string(path + "/events"),
            ],
            headers: [.location: path]
        )
    }
}
