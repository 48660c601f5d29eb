import Testing

@testable import PostriderCore

@Suite struct HorizonTests {
    private static func entry(_ due: Int64, lane: Int32 = 0) -> Horizon.Entry {
        Horizon.Entry(due: due, key: due, lane: lane, retried: 0)
    }

    /// What the store answers a read with.
    private static func page(_ stored: [Int64], _ load: HorizonLoad) -> [Horizon.Entry] {
        let after = load.after?.due.milliseconds ?? .min
        return stored.filter { $0 > after }.sorted().prefix(load.limit).map { entry($0) }
    }

    /// Reads until the horizon wants nothing more.
    private static func fill(_ horizon: inout Horizon, from stored: [Int64]) {
        while let load = horizon.beginLoad() {
            let page = page(stored, load)
            _ = horizon.endLoad(page, reached: page.last?.position, isLast: page.count < load.limit)
        }
    }

    /// Takes everything out, reading on as it runs low.
    private static func drain(_ horizon: inout Horizon, from stored: [Int64]) -> [Int64] {
        var out: [Int64] = []
        fill(&horizon, from: stored)
        while let entry = horizon.popDue(now: WaitingSample.at(.max)) {
            out.append(entry.due)
            fill(&horizon, from: stored)
        }
        return out
    }

    @Test func entriesComeOutInTheOrderOfTheirTimes() {
        var horizon = Horizon(capacity: 10, loadMax: 10)
        Self.fill(&horizon, from: [])
        for due in [30, 10, 20] as [Int64] { #expect(horizon.insert(Self.entry(due)) == []) }
        #expect(horizon.nextDue == WaitingSample.at(10))
        #expect(horizon.popDue(now: WaitingSample.at(9)) == nil)
        #expect(horizon.popDue(now: WaitingSample.at(10))?.due == 10)
        #expect(horizon.popDue(now: WaitingSample.at(29))?.due == 20)
        #expect(horizon.popDue(now: WaitingSample.at(29)) == nil)
        #expect(horizon.count == 1)
    }

    @Test func entriesOfOneMomentComeOutInTheOrderOfTheirKeys() {
        var horizon = Horizon(capacity: 10, loadMax: 10)
        Self.fill(&horizon, from: [])
        for key in [3, 1, 2] as [Int64] { _ = horizon.insert(Horizon.Entry(due: 5, key: key, lane: 0, retried: 0)) }
        let keys = (0..<3).compactMap { _ in horizon.popDue(now: WaitingSample.at(5))?.key }
        #expect(keys == [1, 2, 3])
    }

    @Test func nothingIsHeldBeforeTheStoreWasRead() {
        var horizon = Horizon(capacity: 10, loadMax: 10)
        #expect(horizon.insert(Self.entry(1, lane: 7)) == [7])
        #expect(horizon.count == 0)
        #expect(horizon.beginLoad() == HorizonLoad(after: nil, limit: 10))
    }

    @Test func onlyOneReadIsUnderWay() {
        var horizon = Horizon(capacity: 10, loadMax: 4)
        #expect(horizon.beginLoad() != nil)
        #expect(horizon.beginLoad() == nil)
    }

    @Test func tenThousandDelayedEntriesPassThroughAHorizonOfAHundred() {
        let stored = Array(1...10_000 as ClosedRange<Int64>)
        var horizon = Horizon(capacity: 100, loadMax: 40)
        var out: [Int64] = []
        var countMax = 0
        Self.fill(&horizon, from: stored)
        while let entry = horizon.popDue(now: WaitingSample.at(.max)) {
            out.append(entry.due)
            Self.fill(&horizon, from: stored)
            countMax = max(countMax, horizon.count)
        }
        #expect(out == stored)
        #expect(countMax <= 100)
    }

    @Test func aFullHorizonReadsNothing() {
        var horizon = Horizon(capacity: 10, loadMax: 10)
        Self.fill(&horizon, from: Array(1...100))
        #expect(horizon.count == 10)
        #expect(horizon.beginLoad() == nil)
        for _ in 0..<4 { _ = horizon.popDue(now: WaitingSample.at(100)) }
        #expect(horizon.beginLoad() == nil)
        _ = horizon.popDue(now: WaitingSample.at(100))
        #expect(horizon.beginLoad() == HorizonLoad(after: Self.entry(10).position, limit: 5))
    }

    @Test func anEntryBeyondTheFrontierIsLeftToTheStore() {
        var horizon = Horizon(capacity: 4, loadMax: 4)
        Self.fill(&horizon, from: [1, 2, 3, 4, 5])
        #expect(horizon.insert(Self.entry(6, lane: 3)) == [3])
        #expect(Self.drain(&horizon, from: [1, 2, 3, 4, 5, 6]) == [1, 2, 3, 4, 5, 6])
    }

    @Test func anEarlierEntryPushesOutTheLatestWhichIsReadAgain() {
        var horizon = Horizon(capacity: 4, loadMax: 4)
        Self.fill(&horizon, from: [10, 20, 30, 40])
        #expect(horizon.insert(Self.entry(15, lane: 1)) == [0])
        #expect(horizon.count == 4)
        #expect(Self.drain(&horizon, from: [40]) == [10, 15, 20, 30, 40])
    }

    @Test(arguments: [true, false])
    func anEntryThatComesWhileAPageIsReadIsHeldOnce(isInPage: Bool) throws {
        var horizon = Horizon(capacity: 10, loadMax: 10)
        let loadBegun = horizon.beginLoad()
        let load = try #require(loadBegun)
        #expect(horizon.insert(Self.entry(2, lane: 5)) == [])
        let page = Self.page(isInPage ? [1, 2, 3] : [1, 3], load)
        let dropped = horizon.endLoad(page, reached: page.last?.position, isLast: true)
        #expect(dropped == (isInPage ? [5] : []))
        #expect(Self.drain(&horizon, from: []) == [1, 2, 3])
    }

    @Test func anEntryThatComesWhileAPageIsReadAndLiesBeyondItIsReadLater() throws {
        var horizon = Horizon(capacity: 4, loadMax: 2)
        let loadBegun = horizon.beginLoad()
        let load = try #require(loadBegun)
        _ = horizon.insert(Self.entry(9, lane: 5))
        let page = Self.page([1, 2, 3], load)
        #expect(horizon.endLoad(page, reached: page.last?.position, isLast: false) == [5])
        #expect(Self.drain(&horizon, from: [1, 2, 3, 9]) == [1, 2, 3, 9])
    }

    @Test func moreEntriesThanCanBeRememberedDuringAReadLeadToAnotherRead() throws {
        var horizon = Horizon(capacity: 20, loadMax: 2)
        let loadBegun = horizon.beginLoad()
        let load = try #require(loadBegun)
        let late = (1...5 as ClosedRange<Int64>).map { $0 * 10 }
        for due in late { _ = horizon.insert(Self.entry(due)) }
        let page = Self.page([], load)
        _ = horizon.endLoad(page, reached: nil, isLast: true)
        #expect(Self.drain(&horizon, from: late) == late)
    }

    @Test func entriesPushedOutWhileAPageIsReadAreReadAgain() throws {
        var horizon = Horizon(capacity: 4, loadMax: 4)
        // In memory up to 40, more in the store.
        Self.fill(&horizon, from: [10, 20, 30, 40, 50, 60])
        for _ in 0..<2 { _ = horizon.popDue(now: WaitingSample.at(20)) }
        let loadBegun = horizon.beginLoad()
        let load = try #require(loadBegun)
        let page = Self.page([30, 40, 50, 60], load)
        // Three earlier entries come before the page does: 40 no longer fits.
        for due in [21, 22, 23] as [Int64] { _ = horizon.insert(Self.entry(due)) }
        _ = horizon.endLoad(page, reached: page.last?.position, isLast: page.count < load.limit)
        let stored: [Int64] = [21, 22, 23, 30, 40, 50, 60]
        #expect(Self.drain(&horizon, from: stored) == stored)
    }

    @Test func theBoundHoldsWhenEntriesComeWhileAPageIsRead() throws {
        var horizon = Horizon(capacity: 4, loadMax: 4)
        Self.fill(&horizon, from: [10, 20, 30, 40, 50, 60])
        for _ in 0..<2 { _ = horizon.popDue(now: WaitingSample.at(20)) }
        let loadBegun = horizon.beginLoad()
        let load = try #require(loadBegun)
        let page = Self.page([30, 40, 50, 60], load)
        for due in [21, 22] as [Int64] { _ = horizon.insert(Self.entry(due)) }
        _ = horizon.endLoad(page, reached: page.last?.position, isLast: page.count < load.limit)
        #expect(horizon.count <= 4)
    }

    @Test func aFailedReadChangesNothingAndIsTriedAgain() throws {
        var horizon = Horizon(capacity: 10, loadMax: 10)
        let firstBegun = horizon.beginLoad()
        let first = try #require(firstBegun)
        #expect(horizon.insert(Self.entry(2, lane: 5)) == [])
        #expect(horizon.endLoad(nil, reached: nil, isLast: true) == [5])
        #expect(horizon.beginLoad() == first)
    }

    @Test func restartReadsEverythingAnew() {
        var horizon = Horizon(capacity: 10, loadMax: 10)
        Self.fill(&horizon, from: [1, 2])
        #expect(horizon.restart() == [0, 0])
        #expect(horizon.count == 0)
        #expect(Self.drain(&horizon, from: [1, 2, 3]) == [1, 2, 3])
    }

    @Test func whatAReadFromBeforeARestartBringsIsNotTrusted() throws {
        var horizon = Horizon(capacity: 10, loadMax: 10)
        let loadBegun = horizon.beginLoad()
        let load = try #require(loadBegun)
        #expect(horizon.restart() == [])
        // Comes after the restart and is in the store, so that it may be forgotten here.
        _ = horizon.insert(Self.entry(3))
        _ = horizon.endLoad(Self.page([1], load), reached: Self.entry(1).position, isLast: true)
        #expect(horizon.count == 0)
        #expect(Self.drain(&horizon, from: [1, 2, 3]) == [1, 2, 3])
    }
}
