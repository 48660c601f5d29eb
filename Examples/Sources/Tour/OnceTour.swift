package import PostriderJobs
import PostriderJobsSQL
package import PostriderSQL

/// Work that is done once, whatever is delivered again.
package enum OnceTour {
    /// What the job of taking money for an order is told.
    struct ChargeOrder: JobParameters {
        static let jobName = "charge-order"

        var orderID: String
    }

    /// A server whose framework keeps its data in the application's database.
    package static func storage(_ database: SQLDatabase) async throws -> JobStorage {
        let storage = SQLJobStorage(database)
        try await storage.migrate()
        return JobStorage(storage)
    }

    /// The handler's rows and the end of its delivery are one transaction.
    package static func routes(
        charge: @escaping @Sendable (_ orderID: String, _ idempotencyKey: String) async throws -> Void
    ) -> JobRoutes {
        var routes = JobRoutes()
        routes.job(
            ChargeOrder.self,
            options: JobOptions(businessKey: { order in "charge:\(order.orderID)" })
        ) { order, context in
            // Outside of the database: at least once, so the other side is given a key.
            try await charge(order.orderID, "charge-\(order.orderID)")
            return try await context.transaction { tx in
                let changed = try tx.execute(
                    "UPDATE orders SET status = 'paid' WHERE id = \(order.orderID) AND status = 'open'"
                )
                guard changed == 1 else { return .skipped(reason: "not_open") }
                try tx.execute("INSERT INTO payments (order_id, paid_at) VALUES (\(order.orderID), \(context.now))")
                return .done
            }
        }
        return routes
    }

    /// Publishes it.
    package static func publish(_ publisher: JobPublisher, orderID: String) async throws {
        try await publisher.publish(ChargeOrder(orderID: orderID))
    }
}
