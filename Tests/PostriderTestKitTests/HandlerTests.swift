import PostriderTestKit
import QStash
import Synchronization
import Testing

@Suite struct HandlerTests {
    private let broker = TestBroker()
    private let journal = Journal()

    private actor Ledger {
        private(set) var total = 0

        func add(_ amount: Int) -> Int {
            total += amount
            return total
        }
    }

    @MainActor private final class Screen {
        private var lines = 0

        func show() -> Int {
            lines += 1
            return lines
        }
    }

    @Test func aHandlerSeesTheDeliveryAndDecidesTheAnswer() async throws {
        broker.answer("https://a.test/jobs") { [journal] delivery in
            try delivery.verify()
            journal.note("\(delivery.retried) \(delivery.text)")
            return delivery.retried < 2 ? .status(503) : .ok
        }
        try await broker.client.publish(.text("job"), to: "https://a.test/jobs")
        try await broker.settle()
        #expect(journal.entries == ["0 job", "1 job", "2 job"])
        #expect(broker.deliveries.count == 3)
    }

    @Test func aHandlerPublishesAndWhatItPublishesIsDelivered() async throws {
        broker.answer("https://a.test/first") { [client = broker.client] delivery in
            try await client.publish(.text(delivery.text + "!"), to: "https://a.test/second")
            try await client.publish(to: "https://a.test/third", options: PublishOptions(delay: .seconds(60)))
            return .ok
        }
        try await broker.client.publish(.text("go"), to: "https://a.test/first")
        try await broker.settle()
        #expect(broker.deliveries.map(\.url).map { $0.dropFirst(15) } == ["first", "second", "third"])
        #expect(broker.deliveries.map(\.text) == ["go", "go!", ""])
        #expect(broker.deliveries.map(\.elapsed) == [.zero, .zero, .seconds(60)])
    }

    @Test func noTimePassesWhileAHandlerRunsElsewhere() async throws {
        let ledger = Ledger()
        let screen = Screen()
        broker.answer("https://a.test/far") { [unowned broker, journal] _ in
            journal.note("far begins at \(broker.elapsed)")
            for amount in 1...20 {
                await goElsewhere()
                _ = await ledger.add(amount)
                await Task { await goElsewhere() }.value
                _ = await screen.show()
            }
            journal.note("far ends at \(broker.elapsed) with \(await ledger.total)")
            return .ok
        }
        broker.answer("https://a.test/near") { [unowned broker, journal] _ in
            journal.note("near at \(broker.elapsed)")
            return .ok
        }
        try await broker.client.publish(to: "https://a.test/far")
        try await broker.client.publish(to: "https://a.test/near", options: PublishOptions(delay: .seconds(1)))
        try await broker.advance(by: .seconds(3_600))
        #expect(
            journal.entries == [
                "far begins at 0.0 seconds", "far ends at 0.0 seconds with 210", "near at 1.0 seconds",
            ]
        )
    }

    @Test func handlersOfSeveralDeliveriesRunAtOnce() async throws {
        let barrier = Barrier()
        broker.answer("https://a.test/waits") { [journal] _ in
            await barrier.wait()
            journal.note("waited")
            return .ok
        }
        broker.answer("https://a.test/opens") { [journal] _ in
            await barrier.arrival()
            journal.note("opens")
            barrier.open()
            return .ok
        }
        try await broker.client.publish(to: "https://a.test/waits")
        try await broker.client.publish(to: "https://a.test/opens")
        try await broker.settle()
        #expect(journal.entries == ["opens", "waited"])
    }

    @Test func aHandlersAnswerMayTakeItsTime() async throws {
        broker.answer("https://a.test/slow") { _ in
            await goElsewhere()
            return .ok.after(.seconds(20))
        }
        try await broker.client.publish(to: "https://a.test/slow")
        try await broker.settle()
        #expect(broker.elapsed == .seconds(20))
    }

    @Test func anErrorOfAHandlerIsA500() async throws {
        struct Unfit: Error, CustomStringConvertible {
            var description: String { "the job is unfit" }
        }
        broker.answer("https://a.test/x") { _ in throw Unfit() }
        try await broker.client.publish(to: "https://a.test/x", options: PublishOptions(retries: 0))
        try await broker.settle()
        let letter = try #require(try await broker.client.dlq.page().elements.first)
        #expect(letter.responseStatus == 500)
        #expect(letter.responseBody == Array("the job is unfit".utf8))
    }

    @Test func aHandlerCannotMoveTheClockThatWaitsForIt() async throws {
        let other = TestBroker()
        broker.answer("https://a.test/x") { [unowned broker, journal] _ in
            do {
                try await broker.advance(by: .seconds(1))
            } catch let error as TestKitError {
                journal.note("\(error.code)")
            }
            await #expect(throws: TestKitError.self) { try await Task { try await broker.settle() }.value }
            // The clock of another broker is free.
            try await other.advance(by: .seconds(1))
            return .ok
        }
        try await broker.client.publish(to: "https://a.test/x")
        try await broker.settle()
        #expect(journal.entries == ["driven_by_handler"])
        #expect(broker.deliveries.count == 1)
        #expect(other.elapsed == .seconds(1))
    }

    @Test func aHandlerMayShutItsBrokerDown() async throws {
        broker.answer("https://a.test/x") { [unowned broker] _ in
            await broker.shutDown()
            return .ok
        }
        try await broker.client.publish(to: "https://a.test/x")
        let error = await #expect(throws: TestKitError.self) { try await broker.settle() }
        #expect(error?.code == .shutDown)
    }
}
