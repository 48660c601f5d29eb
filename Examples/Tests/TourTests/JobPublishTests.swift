import PostriderJobs
import PostriderTestKit
import QStash
import Testing
import Tour

/// Jobs are published as the tour says.
@Suite struct JobPublishTests {
    private let broker = TestBroker()

    @Test func aJobGoesToItsPathAtTheOrigin() async throws {
        let receipt = try await PublishJobTour.publish(PublishJobTour.publisher(broker.client))
        try await broker.settle()
        let delivery = try #require(broker.deliveries.first)
        #expect(delivery.url == "https://app.example.com/api/jobs/resize-image")
        #expect(delivery.text == #"{"imageID":"a","width":640}"#)
        #expect(!receipt.isDeduplicated)
    }

    @Test func withoutATokenThereIsNoPublisher() throws {
        #expect(try PublishJobTour.publisher(environment: [:]) == nil)
        let publisher = try PublishJobTour.publisher(
            environment: [
                "QSTASH_TOKEN": "token", "QSTASH_URL": "https://qstash.example.com/v2/publish/",
                "NEXT_PUBLIC_APP_URL": "https://app.example.com/",
            ]
        )
        #expect(publisher?.origin == "https://app.example.com")
    }

    @Test func optionsGoBeforeTheProfile() async throws {
        broker.answerByDefault(with: .status(503), .ok)
        let publisher = try PublishJobTour.publisher(broker.client)
        let first = try await PublishJobTour.options(publisher)
        let second = try await PublishJobTour.options(publisher)
        #expect(!first.isDeduplicated)
        #expect(second.isDeduplicated)
        try await broker.settle()
        #expect(broker.deliveries.map(\.elapsed) == [.seconds(5), .seconds(15)])
    }

    @Test func tryingSaysWhatBecameOfIt() async throws {
        let text = await PublishJobTour.tryPublish(try PublishJobTour.publisher(broker.client))
        #expect(text.hasPrefix("published as msg_"))
        let strict = try PublishJobTour.strict(broker.client)
        #expect(await PublishJobTour.tryPublish(strict) == "not published: publish_refused")
        #expect(try await !PublishJobTour.options(strict).isDeduplicated)
    }

    @Test func aTrackedJobHasItsRecord() async throws {
        let app = try AppServer(JobTour.routes())
        let record = try await PublishJobTour.tracked(app.publisher)
        #expect(record.status == .queued)
        #expect(record.subject == "image a")
        try await app.broker.settle()
        let done = try await app.storage.records.record(record.requestID)
        #expect(done?.status == .completed)
        #expect(done?.progress == 100)
        #expect(done?.resultData == #"{"width":640}"#)
    }

    @Test func aHandlerPublishesTheNextJob() async throws {
        let app = try AppServer(PublishJobTour.chain())
        _ = try await PublishJobTour.publish(app.publisher)
        try await app.broker.settle()
        #expect(
            app.broker.deliveries.map(\.text) == [640, 320, 160].map { #"{"imageID":"a","width":\#($0)}"# }
        )
    }

    @Test func aNumberWithoutAUnitIsSeconds() {
        #expect(PublishJobTour.delays() == [.seconds(90), .seconds(90), .seconds(7_200), nil])
    }
}
