import HTTPTypes
import PostriderTestKit
import QStash
import Testing
import Tour

/// Failed deliveries are repeated when the tour says.
@Suite struct RetryTests {
    private let broker = TestBroker()

    init() {
        broker.answerByDefault(with: .status(503))
    }

    @Test func doublingWaitsGrowUpToTheirBound() async throws {
        try await RetryTour.doubling(broker.client)
        try await broker.settle()
        #expect(broker.deliveries.map(\.elapsed) == [0, 1, 3, 7, 15, 25].map { .seconds($0) })
        #expect(broker.deliveries.map(\.retried) == [0, 1, 2, 3, 4, 5])
    }

    @Test func aSilentDestinationIsGivenUpAfterItsTime() async throws {
        broker.answerByDefault(with: .timeout, .ok)
        try await RetryTour.doubling(broker.client)
        try await broker.settle()
        #expect(broker.deliveries.map(\.elapsed) == [.zero, .seconds(31)])
    }

    @Test func aConstantWaitStaysTheSame() async throws {
        try await RetryTour.constant(broker.client)
        try await broker.settle()
        #expect(broker.deliveries.map(\.elapsed) == (0...10).map { .seconds(5 * $0) })
    }

    @Test func aFormulaSaysTheWaits() async throws {
        try await RetryTour.formula(broker.client)
        try await broker.settle()
        #expect(broker.deliveries.map(\.elapsed) == [0, 1, 11, 71].map { .seconds($0) })
    }

    @Test func noRetriesMeanOneAttempt() async throws {
        try await RetryTour.never(broker.client)
        try await broker.settle()
        #expect(broker.deliveries.count == 1)
        #expect(try await broker.client.dlq.page().elements.count == 1)
    }

    @Test func theSecondPublishOfAnIDIsNotDelivered() async throws {
        let receipts = try await DeduplicationTour.id(broker.client)
        #expect(receipts.map(\.isDeduplicated) == [false, true])
        #expect(receipts[0].messageID == receipts[1].messageID)
        try await broker.advance(by: .seconds(1))
        #expect(broker.deliveries.count == 1)
    }

    @Test func theSameContentIsRecognised() async throws {
        let first = try await DeduplicationTour.content(broker.client)
        let second = try await DeduplicationTour.content(broker.client)
        #expect(!first.isDeduplicated)
        #expect(second.isDeduplicated)
        #expect(second.messageID == first.messageID)
    }
}
