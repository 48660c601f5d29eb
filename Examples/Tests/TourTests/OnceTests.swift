import Foundation
import PostriderJobs
import PostriderSQL
import PostriderTestKit
import QStash
import Synchronization
import Testing
import Tour

/// Work is done once, as the tour says.
@Suite struct OnceTests {
    struct Lost: Error {}

    @Test func rowsAndEndOfTheDeliveryAreOneTransaction() async throws {
        let database = try await SQLDatabase.open(.temporary)
        try await database.migrate(DatabaseTour.migrations)
        try await DatabaseTour.insert(database, ids: ["order-7"], owner: UUID(), items: ["cup"])
        let keys = Mutex<[String]>([])
        let routes = OnceTour.routes(charge: { _, key in
            let count = keys.withLock { keys in
                keys.append(key)
                return keys.count
            }
            // The first answer of the payment provider is lost.
            if count == 1 { throw Lost() }
        })
        let app = try AppServer(routes, storage: try await OnceTour.storage(database))
        try await OnceTour.publish(app.publisher, orderID: "order-7")
        try await OnceTour.publish(app.publisher, orderID: "order-7")
        try await app.broker.settle()

        // Two messages, and one was charged for: a second attempt used the same key.
        #expect(keys.withLock { $0 } == ["charge-order-7", "charge-order-7"])
        let payments = try await database.read { tx in try tx.value("SELECT count(*) FROM payments", as: Int.self) }
        #expect(payments == 1)
        #expect(try await app.broker.client.dlq.page().elements.isEmpty)
        await app.broker.shutDown()
        try await database.close()
    }
}
