package import Hummingbird
import Logging
package import PostriderJobs
import PostriderJobsHummingbird
import QStash

/// Jobs: what is delivered, what the handler does, how it ends.
package enum JobTour {
    /// A job with its handler.
    package static func routes() -> JobRoutes {
        var routes = JobRoutes()
        routes.job(ResizeImage.self) { image, context in
            try await context.report(progress: 50)
            return .done(["width": .integer(Int64(image.width))])
        }
        return routes
    }

    /// A server for it.
    package static func server(_ routes: JobRoutes) throws -> JobServer {
        let server = try JobServer(
            routes,
            configuration: .init(publicBaseURL: "https://app.example.com"),
            storage: .inMemory()
        )
        return server
    }

    /// The same with everything from environment variables.
    package static func server(_ routes: JobRoutes, environment: [String: String]) throws -> JobServer {
        var configuration = try JobServer.Configuration(environment: environment)
        configuration.instance = "worker-1"
        return try JobServer(routes, configuration: configuration, storage: .inMemory())
    }

    /// On a Hummingbird server, beside other routes.
    package static func application(_ server: JobServer) -> some ApplicationProtocol {
        let router = Router(context: JobsRequestContext.self)
        router.add(middleware: JobsMiddleware(server))
        router.get("hello") { _, _ in "hello" }
        return Application(router: router)
    }

    /// Every way to end.
    package static func outcomes(_ images: ImageShelf) -> JobRoutes {
        var routes = JobRoutes()
        routes.job(ResizeImage.self) { image, context in
            guard let width = await images.width(of: image.imageID) else {
                return .failed(code: "image_missing", reason: "the image was deleted")
            }
            guard width > image.width else { return .skipped(reason: "small_enough") }
            guard await !images.isFull else {
                return .retry(after: .seconds(60), reason: "there is no room for the result")
            }
            await images.resize(image.imageID, to: image.width)
            return .done(["width": .integer(Int64(image.width))])
        }
        return routes
    }

    /// The same from deep inside, where nothing can be returned.
    package static func failure(_ images: ImageShelf) -> JobRoutes {
        @Sendable func room() async throws {
            if await images.isFull { throw JobFailure.retry(after: .seconds(60), reason: "there is no room") }
        }
        var routes = JobRoutes()
        routes.job(ResizeImage.self) { image, context in
            try await room()
            await images.resize(image.imageID, to: image.width)
            return .done
        }
        return routes
    }

    /// What a job may say of itself.
    package static func options(_ images: ImageShelf) -> JobRoutes {
        var routes = JobRoutes()
        routes.job(
            ResizeImage.self,
            options: JobOptions(
                bodyBytesMax: 4_096,
                lockTTL: .seconds(60),
                businessKey: { image in "resize:\(image.imageID):\(image.width)" },
                retryProfile: RetryProfile(retries: 5, retryDelay: .constant(.seconds(30))),
                timeout: .seconds(300)
            )
        ) { image, context in
            await images.resize(image.imageID, to: image.width)
            return .done
        }
        return routes
    }

    /// A handler that does something else when no attempt follows.
    package static func lastAttempt(_ images: ImageShelf) -> JobRoutes {
        var routes = JobRoutes()
        routes.job(ResizeImage.self) { image, context in
            guard await images.isFull else { return .done }
            if context.isFinalAttempt {
                context.logger.error("giving up", metadata: ["attempt": "\(context.attempt)"])
                return .failed(code: "no_room", reason: "there was no room in \(context.attempt) attempts")
            }
            return .retry(reason: "there is no room for the result")
        }
        return routes
    }

    /// The jobs that failed for good, as the framework lists them.
    package static func deadLetters(_ storage: JobStorage, _ clock: any JobClock) async throws -> [String] {
        let entries = try await storage.deadLetters.entries(ofJobType: "resize-image", limit: 100, now: clock.now)
        return entries.map { entry in "\(entry.attempts) attempts, \(entry.errorCode ?? "-"): \(entry.payload)" }
    }

    /// Alerts go to the log, and to whom the configuration names.
    package static func alerts(
        _ configuration: JobServer.Configuration,
        page: @escaping @Sendable (String) -> Void
    ) -> JobServer.Configuration {
        var configuration = configuration
        configuration.onAlert = { alert in
            if alert.severity == .error { page(alert.name) }
        }
        return configuration
    }

    /// A breaker keeps calls from a service that is down, in all processes that share the storage.
    package static func breaker(
        _ storage: JobStorage,
        _ clock: any JobClock,
        fetch: @escaping @Sendable () async throws -> Int
    ) async throws -> Int {
        let breaker = CircuitBreaker(
            name: "thumbnails",
            store: storage.circuits,
            clock: clock,
            logger: Logger(label: "images")
        )
        return try await breaker.call { try await fetch() }
    }
}
