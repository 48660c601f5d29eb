import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import PostriderJobs
import PostriderTestKit
import QStash
import Synchronization
import Testing
import Tour

/// Jobs end as the tour says, on virtual time.
@Suite struct JobTests {
    @Test func aJobIsHandled() async throws {
        let app = try AppServer(JobTour.routes())
        _ = try await PublishJobTour.publish(app.publisher)
        try await app.broker.settle()
        #expect(app.broker.deliveries.count == 1)
        #expect(try await app.broker.client.dlq.page().elements.isEmpty)
    }

    @Test func aServerStandsOnTheMachinesOwnClock() async throws {
        let server = try JobTour.server(JobTour.routes())
        try await server.prepare()
        let unknown = HTTPRequest(method: .get, scheme: "https", authority: "app.example.com", path: "/")
        #expect(await server.respond(to: JobRequest(head: unknown)) == nil)
        #expect(server.publisher == nil)

        let configured = try JobTour.server(
            JobTour.routes(),
            environment: [
                "PUBLIC_BASE_URL": "https://app.example.com", "QSTASH_TOKEN": "token",
                "QSTASH_CURRENT_SIGNING_KEY": "sig_1", "QSTASH_NEXT_SIGNING_KEY": "sig_2",
            ]
        )
        #expect(configured.publisher?.origin == "https://app.example.com")
    }

    @Test func theMiddlewareAnswersJobsAndPassesOnTheRest() async throws {
        let application = JobTour.application(try JobTour.server(JobTour.routes()))
        try await application.test(.router) { client in
            let hello = try await client.execute(uri: "/hello", method: .get)
            #expect(hello.status == .ok)
            let job = try await client.execute(uri: "/api/jobs/resize-image", method: .post)
            #expect([.unauthorized, .internalServerError].contains(job.status))
        }
    }

    @Test func everyOutcomeHasItsEnd() async throws {
        let images = ImageShelf(["a": 1_000])
        let app = try AppServer(JobTour.outcomes(images))
        let publisher = try app.publisher

        await images.fill(true)
        _ = try await PublishJobTour.publish(publisher)
        try await app.broker.advance(by: .seconds(30))
        await images.fill(false)
        try await app.broker.settle()
        // The handler asked for a minute, and got it.
        #expect(app.broker.deliveries.map(\.elapsed) == [.zero, .seconds(60)])
        #expect(await images.widths == ["a": 640])

        _ = try await PublishJobTour.publish(publisher)
        try await app.broker.settle()
        #expect(try await app.broker.client.dlq.page().elements.isEmpty)
    }

    @Test func aMissingImageIsADeadLetterAtOnce() async throws {
        let app = try AppServer(JobTour.outcomes(ImageShelf()))
        _ = try await PublishJobTour.publish(app.publisher)
        try await app.broker.settle()
        #expect(app.broker.deliveries.count == 1)
        #expect(try await app.broker.client.dlq.page().elements.count == 1)
        #expect(
            try await JobTour.deadLetters(app.storage, app.broker.jobClock) == [
                #"1 attempts, image_missing: {"imageID":"a","width":640}"#
            ]
        )
    }

    @Test func aFailureFromDeepInsideIsRetried() async throws {
        let images = ImageShelf(["a": 1_000])
        await images.fill(true)
        let app = try AppServer(JobTour.failure(images))
        _ = try await PublishJobTour.publish(app.publisher)
        try await app.broker.advance(by: .seconds(1))
        await images.fill(false)
        try await app.broker.settle()
        #expect(app.broker.deliveries.map(\.elapsed) == [.zero, .seconds(60)])
        #expect(await images.widths == ["a": 640])
    }

    @Test func theSameBusinessEventHappensOnceInTwoMessages() async throws {
        let images = ImageShelf(["a": 1_000])
        let app = try AppServer(JobTour.options(images))
        _ = try await PublishJobTour.publish(app.publisher)
        try await app.broker.settle()
        #expect(await images.widths == ["a": 640])

        await images.put("a", width: 1_000)
        _ = try await PublishJobTour.publish(app.publisher)
        try await app.broker.settle()
        #expect(app.broker.deliveries.count == 2)
        #expect(await images.widths == ["a": 1_000])
    }

    @Test func theLastAttemptIsKnownToTheHandler() async throws {
        let images = ImageShelf()
        await images.fill(true)
        let app = try AppServer(JobTour.lastAttempt(images))
        _ = try await PublishJobTour.publish(app.publisher)
        try await app.broker.settle()
        // 10, 20 and 40 s apart.
        #expect(app.broker.deliveries.map(\.elapsed) == [0, 10, 30, 70].map { .seconds($0) })
        #expect(
            try await JobTour.deadLetters(app.storage, app.broker.jobClock) == [
                #"4 attempts, no_room: {"imageID":"a","width":640}"#
            ]
        )
    }

    @Test func whoeverIsNamedHearsOfErrorsOnly() async throws {
        let pages = Mutex<[String]>([])
        let configuration = JobTour.alerts(.init(publicBaseURL: "https://app.example.com")) { name in
            pages.withLock { $0.append(name) }
        }
        configuration.onAlert?(OperationalAlert(name: "qstash.dlq_entry_created", severity: .warning))
        configuration.onAlert?(OperationalAlert(name: "qstash.dlq_threshold_exceeded", severity: .error))
        #expect(pages.withLock { $0 } == ["qstash.dlq_threshold_exceeded"])
    }

    @Test func aBreakerOpensAfterThreeFailures() async throws {
        struct Down: Error {}
        let storage = JobStorage.inMemory()
        let clock = TestBroker().jobClock
        for _ in 1...3 {
            await #expect(throws: Down.self) { try await JobTour.breaker(storage, clock) { throw Down() } }
        }
        let error = await #expect(throws: JobsError.self) { try await JobTour.breaker(storage, clock) { 1 } }
        #expect(error?.code == .circuitOpen)
    }
}
