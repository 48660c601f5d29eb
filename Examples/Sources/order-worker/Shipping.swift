import PostriderJobs
import PostriderJobsSQL
import PostriderSQL
import Synchronization

/// Packs orders and writes that they are on their way.
final class Shipping: Sendable {
    /// The worker's own table; nothing in it keeps an order from being written twice.
    static let migrations = SQLMigrations(
        namespace: "order_worker",
        [
            SQLMigration(
                "shipments",
                [
                    .table(
                        SQLTable(
                            "shipments",
                            columns: [
                                SQLColumn("id", .identity),
                                SQLColumn("order_id", .text),
                                SQLColumn("shipped_at", .timestamp),
                            ]
                        )
                    )
                ]
            )
        ]
    )

    private let database: SQLDatabase
    private let packing: Duration
    private let count = Mutex(0)

    /// - Parameter packing: How long it takes to pack an order.
    init(_ database: SQLDatabase, packing: Duration) {
        self.database = database
        self.packing = packing
    }

    /// How many orders are being shipped at this moment.
    var running: Int { count.withLock { $0 } }

    /// The job: packs, and then writes the shipment.
    ///
    /// The row, the end of the delivery and that of the job's record are one transaction. A worker that is killed before it leaves nothing,
    /// and the next delivery begins anew; one that is killed after it leaves everything, and the next delivery is a duplicate.
    func ship(_ order: ShipOrder, _ context: JobContext) async throws -> JobOutcome {
        count.withLock { $0 += 1 }
        defer { count.withLock { $0 -= 1 } }
        try await context.report(progress: 10, phase: "packing")
        try await context.clock.sleep(for: packing)
        try await context.report(progress: 90, phase: "handing over")
        let now = context.now
        return try await context.transaction { transaction in
            try transaction.execute(
                "INSERT INTO shipments (order_id, shipped_at) VALUES (\(order.orderID), \(now))"
            )
            return .done(["orderID": .string(order.orderID)])
        }
    }

    /// The order of each row.
    func shipments() async throws -> [String] {
        try await database.read { transaction in
            try transaction.rows("SELECT order_id FROM shipments ORDER BY id").map { try $0.value("order_id") }
        }
    }
}
