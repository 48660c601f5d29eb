import Foundation
import HTTPTypes
import PostriderTestKit
import QStash
import Testing

@Suite struct PublishingTests {
    private let broker = TestBroker()

    @Test func aMessageIsDeliveredWhenTimeIsLetGoOn() async throws {
        let receipt = try await broker.client.publish(
            .json(["order": 7]),
            to: "https://shop.test/orders?paid=true",
            options: PublishOptions(method: .put, headers: [.acceptLanguage: "fr"])
        )
        #expect(broker.deliveries.isEmpty)
        try await broker.advance(by: .zero)

        let delivery = try #require(broker.deliveries.first)
        #expect(broker.deliveries.count == 1)
        #expect(delivery.url == "https://shop.test/orders?paid=true")
        #expect(delivery.method == .put)
        #expect(delivery.headers[.acceptLanguage] == "fr")
        #expect(delivery.headers[.contentType] == "application/json")
        #expect(try delivery.decode(as: [String: Int].self) == ["order": 7])
        #expect(delivery.text == #"{"order":7}"#)
        #expect(delivery.messageID == receipt.messageID)
        #expect(delivery.retried == 0)
        #expect(delivery.at == TestBroker.standardBegin)
        #expect(delivery.elapsed == .zero)
        #expect(broker.elapsed == .zero)
    }

    @Test func theClientReadsWhatTheBrokerWrites() async throws {
        broker.answer("https://a.test", with: .text("busy", status: .serviceUnavailable), .ok)
        let receipt = try await broker.client.publish(.text("x"), to: "https://a.test/x")
        try await broker.settle()
        let events = try await broker.client.events.page(order: .earliestFirst).elements
        #expect(events.map(\.state) == [.created, .active, .error, .retry, .active, .delivered])
        #expect(events.allSatisfy { $0.messageID == receipt.messageID })
        #expect(events.first?.time == TestBroker.standardBegin)
        #expect(events.last?.time == broker.now)
        #expect(events[2].responseStatus == 503)
        #expect(events[2].responseBody == Array("busy".utf8))
    }

    @Test func aBatchIsDeliveredWhole() async throws {
        let results = try await broker.client.batch([
            BatchItem(.text("one"), to: "https://a.test/1"), BatchItem(.text("two"), to: "https://b.test/2"),
        ])
        try await broker.settle()
        #expect(try results.flatMap { try $0.get() }.count == 2)
        #expect(broker.deliveries(to: "https://a.test").map(\.text) == ["one"])
        #expect(broker.deliveries(to: "https://b.test").map(\.text) == ["two"])
    }

    @Test func aDelayIsKeptToTheMillisecond() async throws {
        try await broker.client.publish(to: "https://a.test/x", options: PublishOptions(delay: .seconds(60)))
        try await broker.advance(by: .milliseconds(59_999))
        #expect(broker.deliveries.isEmpty)
        try await broker.advance(by: .milliseconds(1))
        #expect(broker.deliveries.map(\.elapsed) == [.seconds(60)])
    }

    @Test func nothingComesBeforeItsDate() async throws {
        let begin = Date(timeIntervalSince1970: 1_893_456_000)
        let broker = TestBroker(startingAt: begin)
        let date = begin.addingTimeInterval(86_400)
        try await broker.client.publish(to: "https://a.test/x", options: PublishOptions(notBefore: date))
        try await broker.advance(to: date.addingTimeInterval(-0.001))
        #expect(broker.deliveries.isEmpty)
        try await broker.advance(to: date)
        #expect(broker.deliveries.map(\.at) == [date])
        #expect(broker.now == date)
    }

    @Test func aDuplicateIsDeliveredOnce() async throws {
        let options = PublishOptions(deduplication: .id("order-7"))
        let first = try await broker.client.publish(to: "https://a.test/x", options: options)
        let second = try await broker.client.publish(to: "https://a.test/x", options: options)
        #expect(second.isDeduplicated)
        #expect(second.messageID == first.messageID)
        try await broker.settle()
        #expect(broker.deliveries.count == 1)
        // The window is ten minutes of the broker's time.
        try await broker.advance(by: .seconds(600))
        let third = try await broker.client.publish(to: "https://a.test/x", options: options)
        #expect(!third.isDeduplicated)
        try await broker.settle()
        #expect(broker.deliveries.count == 2)
    }

    @Test func aCancelledMessageIsNotDelivered() async throws {
        let options = PublishOptions(delay: .seconds(60))
        let receipt = try await broker.client.publish(to: "https://a.test/x", options: options)
        try await broker.client.messages.cancel(receipt.messageID)
        try await broker.advance(by: .seconds(3_600))
        #expect(broker.deliveries.isEmpty)
    }

    @Test func privateAddressesAreReached() async throws {
        for url in ["http://127.0.0.1:8080/a", "http://10.0.0.7/b", "http://[::1]/c", "http://localhost/d"] {
            try await broker.client.publish(to: url)
        }
        try await broker.settle()
        #expect(broker.deliveries.count == 4)
    }

    @Test func anyNumberIsAcceptedBeforeTheFirstIsDelivered() async throws {
        for _ in 0..<42 {
            let items = (0..<100).map { BatchItem(to: "https://a.test/\($0)") }
            let results = try await broker.client.batch(items)
            #expect(try results.flatMap { try $0.get() }.count == 100)
        }
        try await broker.settle()
        #expect(broker.deliveries.count == 4_200)
    }

    @Test func deliveriesCanBeForgotten() async throws {
        try await broker.client.publish(to: "https://a.test/x")
        try await broker.settle()
        broker.forgetDeliveries()
        #expect(broker.deliveries.isEmpty)
        try await broker.client.publish(to: "https://a.test/y")
        try await broker.settle()
        #expect(broker.deliveries.map(\.url) == ["https://a.test/y"])
    }
}
