import PostriderTestKit
import QStash
import Testing

@Suite struct DestinationTests {
    private let broker = TestBroker()

    /// The text that the destination of a message answered with.
    private func answer(at url: String) async throws -> String {
        try await broker.client.publish(to: url, options: PublishOptions(callback: "https://callback.test/done"))
        try await broker.settle()
        let callback = try #require(broker.deliveries(to: "https://callback.test/done").last)
        return String(decoding: try CallbackPayload(decoding: callback.body).body, as: UTF8.self)
    }

    @Test(arguments: [
        ("https://a.test/orders", "orders"),
        ("https://a.test/orders?page=2", "orders"),
        ("https://a.test/orders/7", "orders"),
        ("https://a.test/orders/7/items", "orders"),
        ("https://a.test/orders/paid", "paid"),
        ("https://a.test/orders/paid/7?x=1", "paid"),
        ("https://a.test/orders/paid?x=1", "parameter"),
        ("https://a.test/orders/paid?x=1&y=2", "parameter"),
        ("https://a.test/orders/paid?x=12", "paid"),
        ("https://a.test/ordersX", "host"),
        ("https://a.test", "host"),
        ("https://A.test:443/", "host"),
        ("http://a.test/orders", "default"),
        ("https://a.test:8443/orders", "default"),
        ("https://a.test.example/orders", "default"),
    ])
    func theLongestURLThatFitsAnswers(url: String, expected: String) async throws {
        broker.answerByDefault(with: .text("default"))
        broker.answer("https://a.test/orders/paid?x=1", with: .text("parameter"))
        broker.answer("https://a.test", with: .text("host"))
        broker.answer("https://a.test/orders", with: .text("orders"))
        broker.answer("https://a.test/orders/paid", with: .text("paid"))
        #expect(try await answer(at: url) == expected)
    }

    @Test func theLastAnswerThatWasSetCounts() async throws {
        broker.answer("https://a.test/x", with: .text("first"))
        broker.answer("https://a.test/x", with: .text("second"))
        #expect(try await answer(at: "https://a.test/x") == "second")
        broker.forgetAnswer("https://a.test/x")
        #expect(try await answer(at: "https://a.test/x") == "")
        broker.answerByDefault { delivery in .text("default of \(delivery.url)") }
        #expect(try await answer(at: "https://a.test/x") == "default of https://a.test/x")
    }

    @Test(arguments: ["a.test/x", "ftp://a.test", "https://", "https://user@a.test/", ""])
    func aURLThatIsNoneIsToldWithTheNextCall(url: String) async throws {
        broker.answer(url, with: .ok)
        for _ in 0..<2 {
            let error = await #expect(throws: TestKitError.self) { try await broker.advance(by: .zero) }
            #expect(error?.code == .destinationInvalid)
            #expect(error?.detail.contains("answer(\"\(url)\")") == true)
        }
        await #expect(throws: TestKitError.self) { try await broker.settle() }
        #expect(broker.deliveries(to: url).isEmpty)
    }

    @Test func deliveriesAreFoundByTheSameRule() async throws {
        for path in ["", "/x", "/x/y", "/xy", "/x?a=1"] { try await broker.client.publish(to: "https://a.test\(path)") }
        try await broker.client.publish(to: "https://b.test/x")
        try await broker.settle()
        #expect(broker.deliveries(to: "https://a.test").count == 5)
        let found = Set(broker.deliveries(to: "https://a.test/x").map(\.url))
        #expect(found == ["https://a.test/x", "https://a.test/x/y", "https://a.test/x?a=1"])
        #expect(broker.deliveries(to: "https://c.test").isEmpty)
    }
}
