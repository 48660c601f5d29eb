import Foundation
import PostriderTestKit
import QStash
import Testing

@Suite struct TimeTests {
    private let broker = TestBroker()
    private let url = "https://a.test/x"

    @Test func timeStandsWhereItWasSentTo() async throws {
        try await broker.advance(by: .seconds(90))
        #expect(broker.elapsed == .seconds(90))
        try await broker.advance(by: .nanoseconds(1))
        #expect(broker.elapsed == .milliseconds(90_001))
        try await broker.advance(to: TestBroker.standardBegin.addingTimeInterval(120))
        #expect(broker.elapsed == .seconds(120))
        // Nothing waits: nothing has to pass.
        try await broker.settle()
        #expect(broker.elapsed == .seconds(120))
    }

    @Test func timeDoesNotGoBack() async throws {
        let past = broker.now.addingTimeInterval(-1)
        for call in [{ try await broker.advance(by: .milliseconds(-1)) }, { try await broker.advance(to: past) }] {
            let error = await #expect(throws: TestKitError.self) { try await call() }
            #expect(error?.code == .momentInvalid)
        }
        let error = await #expect(throws: TestKitError.self) { try await broker.settle(within: .seconds(-1)) }
        #expect(error?.code == .momentInvalid)
        #expect(broker.now == TestBroker.standardBegin)
    }

    @Test func timeEndsWithTheMessageIDs() async throws {
        let far = Date(timeIntervalSince1970: 4_000_000_000)
        for call in [
            { try await broker.advance(to: far) }, { try await broker.advance(to: .distantFuture) },
            { try await broker.advance(by: .seconds(Int64.max)) },
        ] {
            let error = await #expect(throws: TestKitError.self) { try await call() }
            #expect(error?.code == .momentInvalid)
        }
        // As a bound it is as good as any.
        try await broker.client.publish(to: url)
        try await broker.settle(within: .seconds(Int64.max))
        #expect(broker.deliveries.count == 1)
    }

    @Test func whatWaitsAtTheBoundIsNamed() async throws {
        broker.answer(url, with: .status(500), .ok)
        let first = try await broker.client.publish(to: url + "?secret=1")
        let second = try await broker.client.publish(to: url, options: PublishOptions(delay: .seconds(86_400)))
        let error = await #expect(throws: TestKitError.self) { try await broker.settle(within: .seconds(10)) }
        #expect(error?.code == .notSettled)
        #expect(error?.waiting == [first.messageID, second.messageID])
        #expect(
            error?.detail
                == "2 messages wait at 2026-01-01T00:00:10Z: \(first.messageID) to https://a.test/x, attempt 2 at 2026-01-01T00:00:12Z; "
                + "\(second.messageID) to https://a.test/x, attempt 1 at 2026-01-02T00:00:00Z"
        )
        #expect(broker.elapsed == .seconds(10))
        #expect(broker.deliveries.count == 1)
        try await broker.settle()
        #expect(
            broker.deliveries.dropFirst().map(\.elapsed) == [
                .milliseconds(12_182), .seconds(86_400), .milliseconds(86_412_182),
            ]
        )
    }

    @Test func anAttemptUnderWayIsNotSettled() async throws {
        broker.answer(url, with: .ok.after(.seconds(20)))
        try await broker.client.publish(to: url)
        let error = await #expect(throws: TestKitError.self) { try await broker.settle(within: .seconds(10)) }
        #expect(error?.waiting.count == 1)
        try await broker.settle(within: .seconds(10))
        #expect(broker.elapsed == .seconds(20))
    }

    @Test func manyThatWaitAreCounted() async throws {
        for _ in 0..<150 {
            try await broker.client.publish(to: url, options: PublishOptions(delay: .seconds(60)))
        }
        let error = await #expect(throws: TestKitError.self) { try await broker.settle(within: .zero) }
        #expect(error?.waiting.count == 100)
        #expect(error?.detail.hasPrefix("150 messages wait at") == true)
        #expect(error?.detail.hasSuffix("and 145 more") == true)
    }

    @Test func callsAtOnceRunOneAfterAnother() async throws {
        for second in 1...4 {
            try await broker.client.publish(
                .text("\(second)"),
                to: url,
                options: PublishOptions(delay: .seconds(second * 1_000))
            )
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { try await broker.advance(by: .seconds(1_000)) } }
            try await group.waitForAll()
        }
        #expect(broker.elapsed == .seconds(4_000))
        #expect(broker.deliveries.map(\.text) == ["1", "2", "3", "4"])
        #expect(broker.deliveries.map(\.elapsed) == (1...4).map { .seconds($0 * 1_000) })
    }

    @Test func publishingGoesOnWhileTimePasses() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for number in 0..<25 {
                        try await broker.client.publish(.text("\(task) \(number)"), to: url)
                        if number % 5 == 0 { try await broker.advance(by: .seconds(1)) }
                    }
                }
            }
            try await group.waitForAll()
        }
        try await broker.settle()
        #expect(Set(broker.deliveries.map(\.text)).count == 100)
        #expect(broker.deliveries.count == 100)
        #expect(broker.elapsed == .seconds(20))
    }

    @Test func noTimePassesForWhatIsPublishedMeanwhile() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask { for _ in 0..<200 { try await broker.client.publish(to: url) } }
                group.addTask { for _ in 0..<200 { try await broker.settle() } }
            }
            try await group.waitForAll()
        }
        try await broker.settle()
        #expect(broker.deliveries.count == 400)
        #expect(broker.elapsed == .zero)
    }

    @Test func aCancelledCallLeavesTheRestToTheNext() async throws {
        let barrier = Barrier()
        broker.answer(url) { _ in
            await barrier.wait()
            return .ok
        }
        try await broker.client.publish(to: url)
        let call = Task { try await broker.advance(by: .seconds(60)) }
        await barrier.arrival()
        // One more waits for its turn.
        let waiting = Task { try await broker.advance(by: .seconds(60)) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
        #expect(broker.elapsed == .zero)

        barrier.open()
        try await broker.settle()
        #expect(try await broker.client.events.page().elements.first?.state == .delivered)
    }
}
