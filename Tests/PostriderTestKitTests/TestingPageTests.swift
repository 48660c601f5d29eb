import PostriderTestKit
import QStash
import Synchronization
import Testing

/// The code of docs/TESTING.md and of the documentation of ``TestBroker``.
@Suite struct TestingPageTests {
    private struct Job: Codable {
        var order: Int
    }

    private struct Worker: Sendable {
        var client: QStashClient

        func run(_ job: Job) async throws {
            try await client.publish(.text("order \(job.order) is done"), to: "https://mail.test/send")
        }
    }

    @Test func anOrderIsRetriedUntilTheShopIsBack() async throws {
        let broker = TestBroker()
        broker.answer("https://shop.test/orders", with: .status(503), .refused, .ok)

        try await broker.client.publish(.json(["order": 7]), to: "https://shop.test/orders")
        try await broker.settle()

        let deliveries = broker.deliveries(to: "https://shop.test/orders")
        #expect(deliveries.map(\.elapsed) == [.zero, .milliseconds(12_182), .milliseconds(160_595)])
        #expect(try deliveries[2].decode(as: [String: Int].self) == ["order": 7])
        try deliveries[2].verify()
    }

    @Test func destinations() async throws {
        let broker = TestBroker()
        broker.answer("https://api.test", with: .status(404))
        broker.answer("https://api.test/orders", with: .timeout, .ok)
        broker.answerByDefault(with: .refused)
        let options = PublishOptions(retries: 1, retryDelay: "1000", timeout: .seconds(5))
        for url in ["https://api.test/users", "https://api.test/orders", "https://b.test"] {
            try await broker.client.publish(to: url, options: options)
        }
        try await broker.settle()
        #expect(broker.deliveries(to: "https://api.test/orders").map(\.elapsed) == [.zero, .seconds(6)])
        let letters = try await broker.client.dlq.page().elements
        #expect(Set(letters.map(\.responseStatus)) == [404, nil])
    }

    @Test func yourOwnCodeAsTheDestination() async throws {
        let broker = TestBroker()
        broker.answer("https://worker.test/jobs") { [client = broker.client] delivery in
            let job = try delivery.decode(as: Job.self)
            try await Worker(client: client).run(job)
            return .ok
        }
        try await broker.client.publish(.json(Job(order: 7)), to: "https://worker.test/jobs")
        try await broker.settle()
        #expect(broker.deliveries(to: "https://mail.test").map(\.text) == ["order 7 is done"])
    }

    @Test func yourOwnClient() async throws {
        let broker = TestBroker()
        let client = try QStashClient(environment: broker.environment, transport: broker.transport)
        let receiver = try QStashReceiver(environment: broker.environment, now: { broker.now })
        try await client.publish(.text("x"), to: "https://a.test/x")
        try await broker.advance(by: .zero)
        let delivery = try #require(broker.deliveries.first)
        try receiver.verify(delivery.body, signature: delivery.signature, url: delivery.url)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func theTotalIsRightInAnyOrder(seed: UInt64) async throws {
        let broker = TestBroker(seed: seed)
        let total = Mutex(0)
        broker.answer("https://a.test") { delivery in
            let amount = try delivery.decode(as: Int.self)
            total.withLock { $0 += amount }
            return .ok
        }
        for amount in 1...10 { try await broker.client.publish(.json(amount), to: "https://a.test/x") }
        try await broker.settle()
        #expect(total.withLock { $0 } == 55)
    }
}
