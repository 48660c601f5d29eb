import HTTPTypes
import Logging
import PostriderJobs
import PostriderTestKit
import QStash
import Synchronization
import Testing

/// A `JobServer` that a broker delivers to in the process, on the broker's time.
@Suite struct JobServerTests {
    private struct Resize: JobParameters {
        static let jobName = "resize"
        static let retryProfile = RetryProfile(retries: 2, retryDelay: "60000")

        var width: Int

        func validate(_ check: inout Validation) { check.that(width > 0, "width", "must be above 0") }
    }

    private typealias Handler = @Sendable (Resize, JobContext) async throws -> JobOutcome

    private static let origin = "https://app.test"
    private let broker = TestBroker()

    private func mount(_ handler: @escaping Handler) throws -> JobServer {
        var routes = JobRoutes()
        routes.job(Resize.self, handler: handler)
        let server = try JobServer(
            routes,
            configuration: try broker.jobConfiguration(at: Self.origin),
            storage: .inMemory(),
            identity: NoIdentity(),
            clock: broker.jobClock,
            randomBytes: broker.jobRandomBytes,
            logger: Logger(label: "jobs") { _ in SwiftLogNoOpLogHandler() }
        )
        broker.mount(server, at: Self.origin)
        return server
    }

    private func publish(_ width: Int, by server: JobServer) async throws -> JobRecord {
        let publisher = try #require(server.publisher)
        return try await publisher.publishTracked(Resize(width: width), userID: "ada")
    }

    private func record(_ record: JobRecord, of server: JobServer) async throws -> JobRecord {
        try #require(try await server.publisher?.records?.record(record.requestID))
    }

    @Test func aJobIsRetriedAtItsTimesAndEndsWell() async throws {
        let attempts = Mutex<[Int]>([])
        let server = try mount { _, context in
            attempts.withLock { $0.append(context.attempt) }
            return context.attempt < 3 ? .retry(after: nil, reason: "not yet") : .done(["width": 10])
        }
        let published = try await publish(10, by: server)
        try await broker.advance(by: .zero)
        #expect(try await record(published, of: server).status == .processing)
        try await broker.settle()
        #expect(attempts.withLock { $0 } == [1, 2, 3])
        #expect(broker.deliveries.map(\.elapsed) == [.zero, .seconds(60), .seconds(120)])
        let ended = try await record(published, of: server)
        #expect(ended.status == .completed && ended.progress == 100)
        #expect(ended.resultData == #"{"width":10}"#)
    }

    @Test func anInvalidJobIsGivenUpAtOnce() async throws {
        let server = try mount { _, _ in .done }
        let published = try await publish(0, by: server)
        try await broker.settle()
        #expect(broker.deliveries.count == 1)
        #expect(try await record(published, of: server).status == .failed)
        #expect(try await broker.client.dlq.page().elements.count == 1)
    }

    @Test func timeGoesOnWhileAHandlerWaitsByTheBrokersClock() async throws {
        let server = try mount { _, context in
            for step in 1...4 {
                try await context.clock.sleep(for: .seconds(60))
                try await context.report(progress: step * 20)
            }
            return .done
        }
        let published = try await publish(1, by: server)
        try await broker.advance(by: .seconds(130))
        #expect(try await record(published, of: server).progress == 40)
        try await broker.settle()
        #expect(broker.elapsed == .seconds(240))
        #expect(try await record(published, of: server).status == .completed)
        #expect(broker.deliveries.count == 1)
    }

    @Test func aCancelledJobEndsInTheMiddle() async throws {
        let server = try mount { _, context in
            for _ in 1...10 {
                try await context.clock.sleep(for: .seconds(1))
                try await context.checkCancellation()
            }
            return .done
        }
        let published = try await publish(1, by: server)
        try await broker.advance(by: .milliseconds(2_500))
        let records = try #require(server.publisher?.records)
        _ = try await records.apply(.cancelled, to: published.requestID, now: broker.now)
        try await broker.settle()
        #expect(broker.elapsed == .seconds(3))
        #expect(try await record(published, of: server).status == .cancelled)
        #expect(broker.deliveries.count == 1)
    }

    @Test func aRotationOfTheKeysIsSeen() async throws {
        let server = try mount { _, _ in .done }
        _ = try await broker.client.signingKeys.rotate()
        _ = try await broker.client.signingKeys.rotate()
        let published = try await publish(1, by: server)
        try await broker.settle()
        #expect(try await record(published, of: server).status == .completed)
        #expect(broker.deliveries.count == 1)
    }

    @Test func whatTheServerDoesNotKnowIsNotFound() async throws {
        let server = try mount { _, _ in .done }
        try await broker.client.publish(to: "https://app.test/other", options: PublishOptions(retries: 0))
        try await broker.settle()
        let letter = try await broker.client.dlq.page().elements.first
        #expect(letter?.responseStatus == 404)
        #expect(server.publisher != nil)
    }

    @Test func twoRunsAreTheSame() async throws {
        func run() async throws -> [String] {
            let test = JobServerTests()
            let server = try test.mount { _, context in context.attempt < 2 ? .retry(after: nil, reason: "no") : .done }
            let first = try await test.publish(1, by: server)
            let second = try await test.publish(2, by: server)
            try await test.broker.settle()
            return [first.requestID, second.requestID] + test.broker.deliveries.map { "\($0.messageID) \($0.elapsed)" }
        }
        #expect(try await run() == run())
    }
}
