import PostriderSimulation
import Synchronization
import Testing

@testable import PostriderBroker

/// Bodies of 100,000 bytes are counted; the budget has room for eight of them, and a lane for two.
@Suite struct ByteBudgetTests {
    private static let body = 100_000

    private let executor = SeededExecutor(random: SeededRandom(seed: 1))
    private let budget = ByteBudget(bytesMax: 8 * body)
    private let results = Results()

    private final class Results: Sendable {
        private let state = Mutex<[String]>([])
        var all: [String] { state.withLock { $0 } }
        func add(_ text: String) { state.withLock { $0.append(text) } }
    }

    private func acquire(_ name: String, bytes: Int = body, lane: String) -> Task<Void, Never> {
        let (budget, results) = (budget, results)
        let task = Task(executorPreference: executor) {
            results.add(await budget.acquire(bytes, lane: lane) ? name : "\(name) cancelled")
        }
        #expect(executor.runUntilIdle())
        return task
    }

    private func release(_ bytes: Int = body, lane: String) {
        budget.release(bytes, lane: lane)
        #expect(executor.runUntilIdle())
    }

    @Test func smallBodiesAlwaysPass() {
        for _ in 0..<10_000 { #expect(budget.tryAcquire(ByteBudget.smallBytesMax, lane: "a")) }
        #expect(budget.tryAcquire(8 * Self.body, lane: "a"))
    }

    @Test func aLaneTakesOnlyItsShare() {
        #expect(budget.tryAcquire(Self.body, lane: "a"))
        #expect(budget.tryAcquire(Self.body, lane: "a"))
        #expect(!budget.tryAcquire(Self.body, lane: "a"))
        #expect(budget.tryAcquire(Self.body, lane: "b"))
        budget.release(Self.body, lane: "a")
        #expect(budget.tryAcquire(Self.body, lane: "a"))
    }

    @Test func allLanesTogetherTakeNoMoreThanTheWhole() {
        for lane in 0..<8 { #expect(budget.tryAcquire(Self.body, lane: "\(lane)")) }
        #expect(!budget.tryAcquire(Self.body, lane: "8"))
        budget.release(Self.body, lane: "3")
        #expect(budget.tryAcquire(Self.body, lane: "8"))
    }

    @Test func aBodyAboveTheBoundGoesAlone() {
        #expect(budget.tryAcquire(20 * Self.body, lane: "a"))
        #expect(!budget.tryAcquire(Self.body, lane: "b"))
        budget.release(20 * Self.body, lane: "a")
        #expect(budget.tryAcquire(Self.body, lane: "b"))
        #expect(!budget.tryAcquire(20 * Self.body, lane: "a"))
    }

    @Test func whoWaitsGoesOnInTheOrderInWhichTheyCame() {
        #expect(budget.tryAcquire(2 * Self.body, lane: "a"))
        let tasks = ["first", "second", "third"].map { acquire($0, lane: "a") }
        #expect(results.all == [])
        release(2 * Self.body, lane: "a")
        #expect(Set(results.all) == ["first", "second"])
        release(lane: "a")
        #expect(results.all.last == "third")
        for task in tasks { task.cancel() }
    }

    @Test func whoWaitsForItsLaneHoldsUpNoOther() {
        #expect(budget.tryAcquire(2 * Self.body, lane: "a"))
        _ = acquire("a", lane: "a")
        _ = acquire("b", lane: "b")
        #expect(results.all == ["b"])
        release(lane: "b")
        #expect(results.all == ["b"])
        release(2 * Self.body, lane: "a")
        #expect(results.all == ["b", "a"])
    }

    @Test func aCancelledWaiterTakesNothing() {
        #expect(budget.tryAcquire(2 * Self.body, lane: "a"))
        let task = acquire("first", lane: "a")
        task.cancel()
        #expect(executor.runUntilIdle())
        #expect(results.all == ["first cancelled"])
        release(2 * Self.body, lane: "a")
        #expect(budget.tryAcquire(8 * Self.body, lane: "a"))
    }
}
