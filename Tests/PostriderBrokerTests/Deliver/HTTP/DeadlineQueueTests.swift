import NIOCore
import Testing

@testable import PostriderBroker

@Suite struct DeadlineQueueTests {
    private func time(_ nanoseconds: UInt64) -> NIODeadline { .uptimeNanoseconds(nanoseconds) }

    @Test func earliestComesFirst() {
        var queue = DeadlineQueue()
        let deadlines = (0..<3).map { _ in Deadline() }
        queue.set(deadlines[0], to: time(30))
        queue.set(deadlines[1], to: time(10))
        queue.set(deadlines[2], to: time(20))
        #expect(queue.nextCheck == time(10))
        #expect(queue.popDue(now: time(9)) == nil)
        #expect(queue.popDue(now: time(20)) === deadlines[1])
        #expect(queue.popDue(now: time(20)) === deadlines[2])
        #expect(queue.popDue(now: time(20)) == nil)
        #expect(queue.count == 1)
    }

    @Test func aPostponedDeadlineIsLookedAtEarlyButNotDue() {
        var queue = DeadlineQueue()
        let deadline = Deadline()
        queue.set(deadline, to: time(10))
        queue.set(deadline, to: time(50))
        #expect(queue.nextCheck == time(10))
        #expect(queue.popDue(now: time(10)) == nil)
        #expect(queue.nextCheck == time(50))
        #expect(queue.popDue(now: time(50)) === deadline)
    }

    @Test func anEarlierTimeCountsAtOnce() {
        var queue = DeadlineQueue()
        let deadline = Deadline()
        queue.set(deadline, to: time(50))
        queue.set(deadline, to: time(10))
        #expect(queue.popDue(now: time(10)) === deadline)
        #expect(queue.count == 0)
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func agreesWithAListUnderRandomUse(seed: UInt64) {
        var state = seed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        var queue = DeadlineQueue()
        let deadlines = (0..<40).map { _ in Deadline() }
        var due: [Int: UInt64] = [:]
        var now: UInt64 = 0
        for _ in 0..<5_000 {
            let index = next(deadlines.count)
            switch next(4) {
            case 0:
                queue.remove(deadlines[index])
                due[index] = nil
            case 1:
                now += UInt64(next(20))
                var popped: Set<Int> = []
                while let deadline = queue.popDue(now: time(now)) {
                    popped.formUnion(deadlines.indices.filter { deadlines[$0] === deadline })
                }
                #expect(popped == Set(due.filter { $0.value <= now }.keys), "seed \(seed)")
                due = due.filter { $0.value > now }
            default:
                let at = now + UInt64(next(60))
                queue.set(deadlines[index], to: time(at))
                due[index] = at
            }
            #expect(queue.count == due.count, "seed \(seed)")
        }
    }
}
