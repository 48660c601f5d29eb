import PostriderTestKit
import QStash
import Testing

@Suite struct EndTests {
    private final class Witness: Sendable {}

    @Test func afterTheEndNothingWorks() async throws {
        let broker = TestBroker()
        try await broker.client.publish(to: "https://a.test/x")
        await broker.shutDown()
        await broker.shutDown()
        let refusal = await #expect(throws: QStashError.self) {
            try await broker.client.publish(to: "https://a.test/x")
        }
        #expect(refusal?.code == .unreachable)
        for call in [{ try await broker.advance(by: .seconds(1)) }, { try await broker.settle() }] {
            let error = await #expect(throws: TestKitError.self) { try await call() }
            #expect(error?.code == .shutDown)
        }
        #expect(broker.deliveries.isEmpty)
    }

    @Test func theEndWaitsForHandlersAndCancelsThem() async throws {
        let broker = TestBroker()
        let journal = Journal()
        let barrier = Barrier()
        broker.answer("https://a.test/x") { _ in
            await barrier.wait()
            journal.note(Task.isCancelled ? "cancelled" : "not cancelled")
            return .ok
        }
        try await broker.client.publish(to: "https://a.test/x")
        let call = Task { try await broker.settle() }
        await barrier.arrival()
        let end = Task {
            await broker.shutDown()
            journal.note("ended")
        }
        // The handler's call ends with an error as soon as the end has begun.
        let error = await #expect(throws: TestKitError.self) { try await call.value }
        #expect(error?.code == .shutDown)
        barrier.open()
        await end.value
        #expect(journal.entries == ["cancelled", "ended"])
    }

    @Test func aReleasedBrokerEndsWhileAHandlerRuns() async throws {
        let journal = Journal()
        let barrier = Barrier()
        let end = Barrier()
        var broker: TestBroker? = TestBroker()
        broker?.answer("https://a.test/x") { _ in
            await barrier.wait()
            journal.note(Task.isCancelled ? "cancelled" : "not cancelled")
            Task { await end.wait() }
            return .ok
        }
        try await broker?.client.publish(to: "https://a.test/x")
        let call = Task { [broker] in try await broker?.settle() }
        await barrier.arrival()
        call.cancel()
        _ = await call.result
        broker = nil
        barrier.open()
        await end.arrival()
        #expect(journal.entries == ["cancelled"])
        end.open()
    }

    @Test func aReleasedBrokerReleasesItsHandlers() async throws {
        weak var witness: Witness?
        weak var released: TestBroker?
        let client: QStashClient
        do {
            let broker = TestBroker()
            let held = Witness()
            witness = held
            released = broker
            client = broker.client
            broker.answer("https://a.test/x") { [client = broker.client] _ in
                withExtendedLifetime(held) {}
                try await client.publish(to: "https://a.test/y")
                return .ok
            }
            try await broker.client.publish(to: "https://a.test/x")
            try await broker.settle()
            #expect(broker.deliveries.count == 2)
        }
        #expect(released == nil)
        #expect(witness == nil)
        // A client that outlives its broker publishes what nobody delivers.
        try await client.publish(to: "https://a.test/x")
    }

    @Test func theEndReleasesAHandlerThatHoldsTheBroker() async throws {
        weak var released: TestBroker?
        do {
            let broker = TestBroker()
            released = broker
            broker.answer("https://a.test/x") { _ in .text("\(broker.elapsed)") }
            try await broker.client.publish(to: "https://a.test/x")
            try await broker.settle()
            await broker.shutDown()
        }
        #expect(released == nil)
    }
}
