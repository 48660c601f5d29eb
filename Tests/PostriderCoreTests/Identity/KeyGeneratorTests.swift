import PostriderSimulation
import Synchronization
import Testing

@testable import PostriderCore

@Suite struct KeyGeneratorTests {
    /// A clock that is put where the test wants it.
    private final class SetClock: BrokerClock {
        private let moment: Mutex<Timestamp>

        init(_ moment: Timestamp) { self.moment = Mutex(moment) }

        var now: Timestamp {
            get { moment.withLock { $0 } }
            set { moment.withLock { $0 = newValue } }
        }

        func sleep(until moment: Timestamp) async throws {}
    }

    private static let now = Timestamp(milliseconds: 1_760_000_000_000)

    @Test func aKeyTellsWhenItWasMade() {
        let generator = KeyGenerator(clock: SetClock(Self.now), node: 5, highest: nil)
        let key = generator.next()
        #expect(key.moment == Self.now)
        #expect(key == MessageKey(at: Self.now, node: 5, counter: 0))
        #expect(generator.next().rawValue == key.rawValue + 1)
    }

    @Test func keysRiseThoughTheClockIsSetBack() {
        let clock = SetClock(Self.now)
        let generator = KeyGenerator(clock: clock, node: 0, highest: nil)
        let first = generator.next()
        clock.now = Self.now.adding(milliseconds: -3_600_000)
        let second = generator.next()
        #expect(second > first)
        clock.now = Self.now.adding(milliseconds: 1)
        #expect(generator.next() > second)
    }

    @Test func keysRunAheadOfTheClockWhenAMillisecondIsUsedUp() {
        let generator = KeyGenerator(clock: SetClock(Self.now), node: 1_023, highest: nil)
        let keys = (0..<10_000).map { _ in generator.next() }
        #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 })
        #expect(keys[4_095].moment == Self.now)
        #expect(keys[4_096] == MessageKey(at: Self.now.adding(milliseconds: 1), node: 1_023, counter: 0))
    }

    @Test(arguments: [0, 1, 3_600_000] as [Int64], [0, 7] as [Int64])
    func everyKeyIsAboveTheHighestStored(ahead: Int64, node: Int64) {
        let highest = MessageKey(at: Self.now.adding(milliseconds: ahead), node: 3, counter: 4_095)
        let generator = KeyGenerator(clock: SetClock(Self.now), node: node, highest: highest)
        let keys = (0..<5_000).map { _ in generator.next() }
        #expect(keys[0] > highest)
        #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 })
        #expect(keys.allSatisfy { ($0.rawValue >> 12) & MessageKey.nodeMax == node })
    }

    @Test func aMomentBeforeTheEpochCountsAsTheEpoch() {
        let key = MessageKey(at: Timestamp(milliseconds: 0), node: 0, counter: 1)
        #expect(key.moment == MessageKey.epoch)
        #expect(key.rawValue > 0)
    }

    @Test func aClockBeforeTheEpochStillGivesPositiveKeys() {
        let generator = KeyGenerator(clock: SetClock(Timestamp(milliseconds: 0)), node: 0, highest: nil)
        #expect(generator.next().rawValue > 0)
    }
}
