import Foundation
import HTTPTypes
import PostriderJobs
import PostriderTestKit
import Testing
import Tour

/// Jobs are watched as the tour says.
@Suite struct JobProgressTests {
    @Test func aUserBeginsAJobAndWatchesItToItsEnd() async throws {
        let app = try AppServer(ProgressTour.starting(ProgressTour.routes(ImageShelf())))
        let begun = try await app.ask(
            .post,
            "/api/resize",
            .user("user-7"),
            body: #"{"imageID":"a","width":640}"#
        )
        #expect(begun.status == 202)
        let path = try #require(begun.json["checkStatusUrl"]?.string)
        let queued = try await app.ask(.get, path, .user("user-7"))
        #expect(queued.json["status"] == "queued")

        // In the middle of the handler: two of its four steps are done.
        try await app.broker.advance(by: .seconds(5))
        let running = try await app.ask(.get, path, .user("user-7"))
        #expect(running.json["status"] == "processing")
        #expect(running.json["progress"] == 45)
        #expect(running.json["phase"] == "resizing")

        let tag = try #require(running.fields[.eTag])
        var known = HTTPFields.user("user-7")
        known[.ifNoneMatch] = tag
        #expect(try await app.ask(.get, path, known).status == 304)

        try await app.broker.settle()
        let done = try await app.ask(.get, path, .user("user-7"))
        #expect(done.json["status"] == "completed")
        #expect(done.json["progress"] == 100)
        #expect(done.json["resultData"] == ["width": 640])
    }

    @Test func nobodySeesTheJobOfAnother() async throws {
        let app = try AppServer(ProgressTour.routes(ImageShelf()))
        let record = try await PublishJobTour.tracked(app.publisher)
        let path = "/api/jobs/\(record.requestID)"
        #expect(try await app.ask(.get, path).status == 401)
        #expect(try await app.ask(.get, path, .user("user-8")).status == 404)
        #expect(try await app.ask(.get, path, .user("user-7")).status == 200)
    }

    @Test func aCancelledJobStopsAndItsMessageIsGone() async throws {
        let images = ImageShelf()
        let app = try AppServer(ProgressTour.routes(images))
        let record = try await PublishJobTour.tracked(app.publisher)
        try await app.broker.advance(by: .seconds(3))
        let answer = try await app.ask(.delete, "/api/jobs/\(record.requestID)", .user("user-7"))
        #expect(answer.json["previousStatus"] == "processing")
        #expect(answer.json["newStatus"] == "cancelled")
        try await app.broker.settle()
        #expect(await images.widths.isEmpty)
        #expect(try await app.storage.records.record(record.requestID)?.status == .cancelled)
        #expect(try await app.ask(.delete, "/api/jobs/\(record.requestID)", .user("user-7")).status == 400)
    }

    @Test func cancellingAWaitingJobCancelsItsMessage() async throws {
        let broker = TestBroker()
        let app = try AppServer(ProgressTour.cancelling(ProgressTour.routes(ImageShelf()), broker.client))
        let record = try await PublishJobTour.tracked(app.publisher)
        // Another broker: its message is unknown there, which changes nothing about the answer.
        let answer = try await app.ask(.delete, "/api/tasks/\(record.requestID)", .user("user-7"))
        #expect(answer.json["previousStatus"] == "queued")
        try await app.broker.settle()
        #expect(try await app.storage.records.record(record.requestID)?.status == .cancelled)
    }

    @Test func whatRunsBesideTheServerIsTwoServices() async throws {
        let app = try AppServer(ProgressTour.routes(ImageShelf()))
        #expect(ProgressTour.services(app.server, app.broker.client).count == 2)
    }
}
