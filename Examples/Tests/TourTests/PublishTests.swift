import Foundation
import HTTPTypes
import PostriderTestKit
import QStash
import Testing
import Tour

/// What is published arrives as the tour says.
@Suite struct PublishTests {
    @Test func aMessageArrivesWithItsBodyAndSignature() async throws {
        let broker = TestBroker()
        let receipt = try await PublishTour.one(broker.client)
        #expect(receipt.url == "https://api.example.com/orders")
        #expect(broker.deliveries.isEmpty)

        try await broker.settle()
        let delivery = try #require(broker.deliveries.first)
        #expect(broker.deliveries.count == 1)
        #expect(delivery.messageID == receipt.messageID)
        #expect(delivery.method == .post)
        #expect(delivery.headers[.contentType] == "application/json")
        #expect(try delivery.decode(as: Order.self) == Order(id: 7, total: 12.5))
        #expect(try delivery.verify().url == "https://api.example.com/orders")
    }

    @Test func methodAndHeadersReachTheDestination() async throws {
        let broker = TestBroker()
        try await PublishTour.methodAndHeaders(broker.client, token: "shop")
        try await broker.settle()
        let delivery = try #require(broker.deliveries(to: "https://api.example.com/orders/7").first)
        #expect(delivery.method == .put)
        #expect(delivery.headers[.authorization] == "Bearer shop")
        #expect(delivery.headers[.acceptLanguage] == "de")
    }

    @Test func optionsAreAValueThatManyMessagesShare() async throws {
        let broker = TestBroker()
        try await PublishTour.sharedOptions(broker.client)
        try await broker.settle()
        #expect(Set(broker.deliveries.map(\.text)) == [#"{"order":1}"#, #"{"order":2}"#, #"{"order":3}"#])
        for delivery in broker.deliveries {
            let message = try await broker.client.messages.get(delivery.messageID)
            #expect(message.labels == ["orders"])
            #expect(message.retriesMax == 5)
        }
    }

    @Test func everyKindOfBodyArrivesUnchanged() async throws {
        let broker = TestBroker()
        try await BodyTour.kinds(broker.client, invoice: [0x25, 0x50, 0xFF, 0x00])
        try await broker.settle()
        let bodies = broker.deliveries.reduce(into: [String?: [UInt8]]()) { $0[$1.headers[.contentType]] = $1.body }
        #expect(bodies.count == 4)
        #expect(bodies["application/json"]?.isEmpty == false)
        #expect(bodies["text/plain; charset=utf-8"] == Array("paid".utf8))
        #expect(bodies["application/pdf"] == [0x25, 0x50, 0xFF, 0x00])
        #expect(bodies[nil] == [])
    }

    @Test func theEncoderIsTheCallers() async throws {
        let broker = TestBroker()
        try await BodyTour.encoder(broker.client, due: Date(timeIntervalSince1970: 0))
        try await broker.settle()
        #expect(broker.deliveries.map(\.text) == [#"{"due":"1970-01-01T00:00:00Z"}"#])
    }

    @Test func aDelayIsWaitedFor() async throws {
        let broker = TestBroker()
        try await DelayTour.delay(broker.client)
        try await DelayTour.notBefore(broker.client, opening: broker.now.addingTimeInterval(7_200))
        try await broker.settle()
        #expect(broker.deliveries.map(\.elapsed) == [.seconds(3_600), .seconds(7_200)])
    }

    @Test func labelsAndHashesAreWhatTheServerShows() async throws {
        let broker = TestBroker()
        let labelled = try await LabelTour.label(broker.client)
        #expect(try await broker.client.messages.get(labelled.messageID).labels == ["billing", "eu"])

        let redacted = try await LabelTour.redact(broker.client, token: "shop")
        let message = try await broker.client.messages.get(redacted.messageID)
        #expect(String(decoding: message.body, as: UTF8.self).hasPrefix("REDACTED:"))
        #expect(message.headers[.authorization]?.hasPrefix("REDACTED:") == true)

        try await broker.settle()
        let delivery = try #require(broker.deliveries(to: "https://api.example.com/payouts").first)
        #expect(delivery.text == #"{"iban":"DE02120300000000202051"}"#)
        #expect(delivery.headers[.authorization] == "Bearer shop")
    }

    @Test func failuresAreFoundByLabelOverAllPages() async throws {
        let server = ScriptedServer(
            .json(
                """
                {"cursor":"1760000000000-1","events":[{"time":1760000001234,"messageId":"msg_2","state":"FAILED",\
                "url":"https://api.example.com/invoices","labels":["billing","eu"]}]}
                """
            ),
            .json(
                """
                {"events":[{"time":1760000000034,"messageId":"msg_1","state":"FAILED",\
                "url":"https://api.example.com/invoices","labels":["billing"]}]}
                """
            )
        )
        #expect(try await LabelTour.find(try server.client()) == ["msg_2", "msg_1"])
        #expect(
            server.calls == [
                "GET /v2/events?state=FAILED&label=billing",
                "GET /v2/events?cursor=1760000000000-1&state=FAILED&label=billing",
            ]
        )
    }
}
