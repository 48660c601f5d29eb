package import PostriderJobs
package import QStash

/// Publishing jobs.
package enum PublishJobTour {
    /// A publisher for an application.
    package static func publisher(_ client: QStashClient) throws -> JobPublisher {
        let publisher = try JobPublisher(client: client, origin: "https://app.example.com")
        return publisher
    }

    /// The same by environment variables; nil without `QSTASH_TOKEN`.
    package static func publisher(environment: [String: String]) throws -> JobPublisher? {
        try JobPublisher(environment: environment)
    }

    /// A job.
    package static func publish(_ publisher: JobPublisher) async throws -> PublishReceipt {
        let receipt = try await publisher.publish(ResizeImage(imageID: "a", width: 640))
        return receipt
    }

    /// With all that can be said about it.
    package static func options(_ publisher: JobPublisher) async throws -> PublishReceipt {
        try await publisher.publish(
            ResizeImage(imageID: "a", width: 640),
            options: JobPublishOptions(
                deduplicationID: "resize:a:640",
                label: "images:resize",
                delay: .seconds(5),
                retries: 5,
                retryDelay: .doubling(from: .seconds(10), max: .seconds(300)),
                timeout: .seconds(120)
            )
        )
    }

    /// Without throwing.
    package static func tryPublish(_ publisher: JobPublisher) async -> String {
        switch await publisher.tryPublish(ResizeImage(imageID: "a", width: 640)) {
        case .success(let receipt): return "published as \(receipt.messageID)"
        case .failure(let error): return "not published: \(error.code)"
        }
    }

    /// A publisher that insists on a deduplication id and on labels that are known.
    package static func strict(_ client: QStashClient) throws -> JobPublisher {
        try JobPublisher(
            client: client,
            origin: "https://app.example.com",
            rules: JobPublisher.Rules(
                requiresDeduplicationID: true,
                canonicalLabels: ["images:resize", "images:delete"]
            )
        )
    }

    /// A job whose progress can be watched.
    package static func tracked(_ publisher: JobPublisher) async throws -> JobRecord {
        let record = try await publisher.publishTracked(
            ResizeImage(imageID: "a", width: 640),
            userID: "user-7",
            subject: "image a"
        )
        return record
    }

    /// A handler that publishes the next job.
    package static func chain() -> JobRoutes {
        var routes = JobRoutes()
        routes.job(ResizeImage.self) { image, context in
            guard image.width > 160 else { return .done }
            // The id of this message makes the id of the next: another attempt publishes nothing twice.
            try await context.publisher?.publish(
                ResizeImage(imageID: image.imageID, width: image.width / 2),
                options: JobPublishOptions(deduplicationID: "next:\(context.messageID)")
            )
            return .done
        }
        return routes
    }

    /// Delays as people write them.
    package static func delays() -> [Duration?] {
        [DelayText.duration("90"), DelayText.duration("90s"), DelayText.duration("2h"), DelayText.duration("soon")]
    }
}
