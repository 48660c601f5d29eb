import HTTPTypes
package import PostriderJobs
package import QStash
package import ServiceLifecycle

/// Jobs that are watched while they run.
package enum ProgressTour {
    /// A handler that tells how far it is, and ends when it is to end.
    package static func routes(_ images: ImageShelf) -> JobRoutes {
        var routes = JobRoutes()
        routes.job(ResizeImage.self) { image, context in
            try await context.report(progress: 0, phase: "reading")
            let steps = 4
            for step in 1...steps {
                try await context.checkCancellation()
                try await context.clock.sleep(for: .seconds(2))
                try await context.report(progress: step * 90 / steps, phase: "resizing")
            }
            await images.resize(image.imageID, to: image.width)
            return .done(["width": .integer(Int64(image.width))])
        }
        routes.status()
        return routes
    }

    /// Cancelling a job cancels its message too.
    package static func cancelling(_ routes: JobRoutes, _ client: QStashClient) -> JobRoutes {
        var routes = routes
        routes.status(JobStatusOptions(path: "/api/tasks", client: client))
        return routes
    }

    /// A user begins a job, and is told where to watch it.
    package static func starting(_ routes: JobRoutes) -> JobRoutes {
        var routes = routes
        routes.user(.post, "/api/resize") { request in
            let image = try request.decode(ResizeImage.self)
            guard let publisher = request.publisher else {
                throw UserError(503, "service_unavailable", "there is no broker", retryAfter: 60)
            }
            let record = try await publisher.publishTracked(image, userID: request.identity.userID)
            return .json(
                status: 202,
                ["requestId": .string(record.requestID), "checkStatusUrl": .string("/api/jobs/\(record.requestID)")]
            )
        }
        return routes
    }

    /// What runs beside the server.
    package static func services(_ server: JobServer, _ client: QStashClient) -> [any Service] {
        [JobRecordWatch(server), JobSweeper(server, client: client)]
    }
}
