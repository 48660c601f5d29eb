import Foundation
import Testing

@testable import PostriderJobs

@Suite struct ExpiringEntriesTests {
    private func at(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_000 + seconds) }

    @Test func whatHasRunOutIsNotSeen() {
        var entries = ExpiringEntries<Int>()
        entries.set("a", to: 1, until: at(10), now: at(0))
        #expect(entries.value("a", now: at(9.999))?.value == 1)
        #expect(entries.value("a", now: at(10)) == nil)
        #expect(entries.values(now: at(10)).isEmpty)
    }

    @Test func writingRemovesWhatHasRunOut() {
        var entries = ExpiringEntries<Int>()
        for second in 0..<10_000 {
            entries.set("key-\(second)", to: second, until: at(Double(second) + 10), now: at(Double(second)))
            #expect(entries.count <= 11)
        }
    }

    @Test func anEntryThatIsRenewedLivesOnAndIsRemovedInItsTime() {
        var entries = ExpiringEntries<Int>()
        for second in 0..<1_000 {
            entries.set("a", to: second, until: at(Double(second) + 10), now: at(Double(second)))
        }
        #expect(entries.value("a", now: at(1_000))?.value == 999)
        #expect(entries.removeExpired(now: at(1_008.5), limit: 100) == 0)
        #expect(entries.removeExpired(now: at(1_009), limit: 100) == 1)
        #expect(entries.count == 0)
    }

    @Test func aShorterLifeCountsAndALongerOneToo() {
        var entries = ExpiringEntries<Int>()
        entries.set("a", to: 1, until: .distantFuture, now: at(0))
        entries.set("a", to: 2, until: at(5), now: at(1))
        entries.set("b", to: 1, until: at(5), now: at(1))
        entries.set("b", to: 2, until: .distantFuture, now: at(2))
        #expect(entries.removeExpired(now: at(100), limit: 100) == 1)
        #expect(entries.value("a") == nil)
        #expect(entries.value("b", now: at(1_000_000))?.value == 2)
    }

    @Test func aKeyThatComesBackIsNotRemovedByItsFormerLife() {
        var entries = ExpiringEntries<Int>()
        entries.set("a", to: 1, until: at(5), now: at(0))
        let isRemoved = entries.remove("a")
        #expect(isRemoved)
        entries.set("a", to: 2, until: at(50), now: at(1))
        #expect(entries.removeExpired(now: at(10), limit: 100) == 0)
        #expect(entries.value("a", now: at(10))?.value == 2)
    }
}
