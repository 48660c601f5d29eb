import HTTPTypes
import PostriderJobs
import PostriderJobsSQL
import PostriderSQL
import QStash

/// What the worker answers: the webhook of the payment provider, the job it publishes, and how far it is.
struct Worker {
    let database: SQLDatabase
    let shipping: Shipping
    let server: JobServer

    /// - Parameters:
    ///   - port: Where it listens, and where the broker finds it.
    ///   - environment: `DATABASE_URL`, `QSTASH_URL` and the like; `PAYMENT_WEBHOOK_SECRET` as the provider shows it, `whsec_…`.
    init(port: Int, environment: [String: String]) async throws {
        database = try await SQLDatabase.open(SQLLocation(environment: environment, dataFolder: "."))
        let storage = SQLJobStorage(database)
        try await storage.migrate()
        try await database.migrate(Shipping.migrations)
        let milliseconds = environment["HANDLER_MILLISECONDS"].flatMap(Int.init) ?? 1_000
        let shipping = Shipping(database, packing: .milliseconds(milliseconds))
        self.shipping = shipping

        var routes = JobRoutes()
        routes.job(ShipOrder.self) { order, context in
            try await shipping.ship(order, context)
        }
        if let secret = environment["PAYMENT_WEBHOOK_SECRET"] {
            routes.webhook("payments", signature: try .standardWebhooks(secret)) { (paid: OrderPaid, context) in
                guard let publisher = context.publisher else { throw WebhookError.unavailable("there is no broker") }
                try await publisher.publish(
                    ShipOrder(orderID: paid.orderID),
                    options: JobPublishOptions(deduplicationID: "ship-order:\(paid.orderID)")
                )
                return .done(["enqueued": true])
            }
        }
        let client = try QStashClient(environment: environment)
        routes.status(JobStatusOptions(client: client))

        var configuration = JobServer.Configuration(publicBaseURL: "http://127.0.0.1:\(port)")
        configuration.signingKeys = .environment(environment)
        configuration.publisher = try JobPublisher(client: client, origin: configuration.publicBaseURL)
        // One worker at a time on this port: when it starts, the locks of its last life are free.
        configuration.instance = "order-worker-\(port)"
        server = try JobServer(
            routes,
            configuration: configuration,
            storage: JobStorage(storage),
            identity: LocalIdentity()
        )
        try await server.prepare()
    }
}
