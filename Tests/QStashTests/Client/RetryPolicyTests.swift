import Foundation
import HTTPTypes
import InMemoryLogging
import Logging
import QStash
import Testing

/// How long the client waits before it makes a call again, and when it does not.
@Suite struct RetryPolicyTests {
    @Test func waitsGrowByEAsThoseOfTheJavaScriptClient() async throws {
        let (waits, error) = try await waits(Array(repeating: .unsent, count: 6))
        #expect(error?.code == .unreachable)
        let milliseconds = waits.map { $0 / .milliseconds(1) }
        #expect(milliseconds.map { $0.rounded() } == [50, 136, 369, 1_004, 2_730])
    }

    @Test func waitsAreBounded() async throws {
        let policy = RetryPolicy(retriesMax: 200, firstDelay: .seconds(1), delayMax: .seconds(5))
        let (waits, _) = try await waits(Array(repeating: .unsent, count: 201), policy)
        #expect(waits.count == 200 && waits.prefix(2).last.map { $0 < .seconds(3) } == true)
        #expect(waits.dropFirst(2).allSatisfy { $0 == .seconds(5) })
    }

    @Test func waitsUnderAHighBoundStayWithinWhatADurationHolds() async throws {
        let policy = RetryPolicy(retriesMax: 100, delayMax: .seconds(1_000_000_000_000))
        let (waits, _) = try await waits(Array(repeating: .unsent, count: 101), policy)
        #expect(waits.count == 100 && zip(waits, waits.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test func serverThatNamesAWaitIsObeyed() async throws {
        let (waits, error) = try await waits([refused("7"), refused("0"), .text("[]")])
        #expect(waits.first == .seconds(7) && error == nil)
        // Less than the own wait is not obeyed: the server would be called as fast as it answers.
        #expect(waits.last.map { $0 > .milliseconds(130) && $0 < .milliseconds(140) } == true)
    }

    @Test(arguments: ["11", "86401", "99999999999999999999"])
    func serverThatAsksForMoreThanTheBoundIsNotWaitedFor(_ seconds: String) async throws {
        let (waits, error) = try await waits([refused(seconds)])
        #expect(waits.isEmpty && error?.code == .overloaded)
    }

    @Test(arguments: ["", "-1", "soon", "1.5", "Wed, 21 Oct 2015 07:28:00 GMT"])
    func waitThatIsNoNumberOfSecondsIsNone(_ text: String) async throws {
        let (waits, error) = try await waits([refused(text), .text("[]")])
        #expect(waits == [.milliseconds(50)] && error == nil)
    }

    @Test func usedUpDailyLimitIsNotWaitedFor() async throws {
        let daily = ScriptedTransport.Step.text(
            "{}",
            status: 429,
            headers: ["RateLimit-Limit": "1000", "RateLimit-Reset": "1760054400", "Retry-After": "1"]
        )
        let (waits, error) = try await waits([daily])
        #expect(waits.isEmpty && error?.code == .dailyLimit)
    }

    @Test func neverMeansOnce() async throws {
        let (waits, error) = try await waits([.unsent], .never)
        #expect(waits.isEmpty && error?.code == .unreachable)
    }

    @Test func lastFailureIsTheOneThatIsThrown() async throws {
        let (_, error) = try await waits([.unsent, .lost, refused("0"), .text("no", status: 404)])
        #expect(error?.code == .notFound)
    }

    @Test func repetitionIsNotedWithoutTokenAndTarget() async throws {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .debug
        let client = try QStashClient(
            token: "secret-token",
            configuration: QStashClient.Configuration(clock: RecordingClock()),
            transport: ScriptedTransport(.unsent, .text(#"{"messageId":"m"}"#)),
            logger: logger
        )
        try await client.publish(to: "https://secret.example.com/?secret=1")
        #expect(handler.entries.map { "\($0.level) \($0.message)" } == ["debug call repeated"])
        #expect(handler.entries.allSatisfy { $0.metadata["retried"] == "1" && !"\($0.metadata)".contains("secret") })
    }

    private func refused(_ retryAfter: String) -> ScriptedTransport.Step {
        .text("{}", status: 503, headers: ["Retry-After": retryAfter])
    }

    /// The waits of one read that meets those answers, and the error it ends with.
    private func waits(
        _ steps: [ScriptedTransport.Step],
        _ policy: RetryPolicy = .standard
    ) async throws -> ([Duration], QStashError?) {
        let clock = RecordingClock()
        let transport = ScriptedTransport(steps)
        let client = try QStashClient.over(transport, retry: policy, clock: clock)
        var failure: QStashError?
        do {
            _ = try await client.queues.list()
        } catch let error as QStashError {
            failure = error
        }
        #expect(transport.requests.count == steps.count)
        #expect(Set(transport.requests).count == 1, "the same request each time")
        return (clock.waits, failure)
    }
}
