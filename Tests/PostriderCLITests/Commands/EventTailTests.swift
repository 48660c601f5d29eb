import QStash
import Synchronization
import Testing

@testable import PostriderCLI

@Suite struct EventTailTests {
    private func reader(_ log: SimulatedLog) -> EventTail.Reader {
        { try log.page($0, after: $1) }
    }

    /// A log with open attempts, results that are stored late, and bursts, polled now and then.
    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func whateverHappensEachEntryIsShownOnce(seed: UInt64) async throws {
        let log = SimulatedLog()
        let read = reader(log)
        var chance = Chance(seed: seed)
        var tail = EventTail(memory: EventMemory(knownRunMax: 400, knownMax: 1_000, openMax: 1_000))
        var time = 1_000_000
        var number = 0
        var happened: Set<String> = []
        var shown: [String] = []
        /// Attempts under way, with the place of their beginning.
        var open: [(id: String, place: Int, began: Int)] = []
        /// What has its place, and is not stored yet.
        var late: [SimulatedLog.Entry] = []
        func show(_ records: [EventRecord]) { shown += records.map { "\($0.messageId) \($0.state) \($0.time)" } }
        func happen(_ entry: SimulatedLog.Entry) { happened.insert("\(entry.messageID) \(entry.state) \(entry.time)") }

        show(try await tail.begin(count: 100, read: read))
        for _ in 0..<150 {
            for _ in 0..<chance.number(below: 30) {
                time += chance.number(below: 3)
                switch chance.number(below: 4) {
                case 0, 1:
                    number += 1
                    let created = SimulatedLog.Entry(
                        place: log.places(1)[0],
                        messageID: "m\(number)",
                        state: "CREATED",
                        time: time
                    )
                    happen(created)
                    late.append(created)
                case 2:
                    number += 1
                    let place = log.places(1)[0]
                    open.append(("m\(number)", place, time))
                    let began = SimulatedLog.Entry(
                        place: place,
                        messageID: "m\(number)",
                        state: "ACTIVE",
                        time: time,
                        isOpen: true
                    )
                    happen(began)
                    log.show(began)
                default:
                    guard !open.isEmpty else { continue }
                    let ended = open.remove(at: chance.number(below: open.count))
                    log.removeOpen(place: ended.place)
                    let places = log.places(2)
                    let result = SimulatedLog.Entry(
                        place: places[1],
                        messageID: ended.id,
                        state: "DELIVERED",
                        time: time
                    )
                    happen(result)
                    late += [.init(place: places[0], messageID: ended.id, state: "ACTIVE", time: ended.began), result]
                }
            }
            // Most of what has happened is stored now, in any order.
            late.shuffle(using: &chance)
            while late.count > chance.number(below: 8), let entry = late.popLast() { log.show(entry) }
            if chance.number(below: 3) > 0 { try await tail.poll(after: .seconds(1), read: read) { show($0) } }
        }
        for entry in late { log.show(entry) }
        try await tail.poll(after: .seconds(1), read: read) { show($0) }
        #expect(shown.count == Set(shown).count, "seed \(seed): shown twice")
        #expect(happened.subtracting(shown).isEmpty, "seed \(seed): never shown")
    }

    @Test func anAttemptBeginsOnceHoweverLongItTakes() async throws {
        let log = SimulatedLog()
        let read = reader(log)
        var tail = EventTail(memory: EventMemory(knownRunMax: 50, knownMax: 100, openMax: 10))
        var shown: [String] = []
        func poll() async throws {
            try await tail.poll(after: .seconds(1), read: read) { shown += $0.map { "\($0.messageId) \($0.state)" } }
        }
        _ = try await tail.begin(count: 0, read: read)
        let open = log.places(1)[0]
        log.show(.init(place: open, messageID: "slow", state: "ACTIVE", time: 10, isOpen: true))
        try await poll()
        // More goes by than is remembered of what is over.
        for round in 0..<20 {
            for index in 0..<50 { log.append("\(round)-\(index)", ["CREATED"], time: 20 + round) }
            try await poll()
        }
        // Its result is stored, with its beginning before it; for a moment the beginning is there twice.
        log.append("slow", ["ACTIVE"], time: 10)
        try await poll()
        log.removeOpen(place: open)
        log.append("slow", ["DELIVERED"], time: 9_000)
        for _ in 0..<3 { try await poll() }
        #expect(shown.filter { $0.hasPrefix("slow") } == ["slow ACTIVE", "slow DELIVERED"])
        #expect(shown.count == 1_002 && Set(shown).count == 1_002)
    }

    @Test func anAttemptThatStandsInTwoPlacesIsShownOnce() async throws {
        let log = SimulatedLog()
        var tail = EventTail()
        var shown: [String] = []
        _ = try await tail.begin(count: 0, read: reader(log))
        let open = log.places(1)[0]
        log.show(.init(place: open, messageID: "a", state: "ACTIVE", time: 10, isOpen: true))
        try await tail.poll(after: .seconds(1), read: reader(log)) { shown += $0.map(\.state) }
        // As under way, and as stored.
        log.append("a", ["ACTIVE", "DELIVERED"], time: 10)
        for _ in 0..<2 {
            try await tail.poll(after: .seconds(1), read: reader(log)) { shown += $0.map(\.state) }
        }
        log.removeOpen(place: open)
        try await tail.poll(after: .seconds(1), read: reader(log)) { shown += $0.map(\.state) }
        #expect(shown == ["ACTIVE", "DELIVERED"])
    }

    @Test func moreThanFitsIsShownInOrderAndInPortions() async throws {
        let log = SimulatedLog()
        let read = reader(log)
        var tail = EventTail(heldMax: 2_000, memory: EventMemory(knownRunMax: 300, knownMax: 5_000))
        _ = try await tail.begin(count: 0, read: read)
        for index in 0..<7_500 { log.append("\(index)", ["CREATED"], time: 5) }
        var shown: [String] = []
        var portions: [Int] = []
        try await tail.poll(after: .seconds(1), read: read) { records in
            portions.append(records.count)
            shown += records.map(\.messageId)
        }
        #expect(shown == (0..<7_500).map { "\($0)" })
        #expect(portions.count >= 4 && portions.allSatisfy { $0 <= 2_000 })
    }

    @Test func memoryIsBounded() throws {
        var memory = EventMemory(knownRunMax: 100, knownMax: 100, openMax: 50)
        for index in 0..<10_000 {
            let record = EventRecord(
                time: Int64(index),
                messageId: "\(index)",
                state: index.isMultiple(of: 2) ? "ACTIVE" : "CREATED"
            )
            let isNew = memory.remember(EventSighting(record: record, occurrence: 1))
            #expect(isNew)
        }
        #expect(memory.count <= 300)
    }

    @Test func aQuietLogIsReadWithOneSmallPage() async throws {
        let log = SimulatedLog()
        for index in 0..<2_500 { log.append("\(index)", ["CREATED"], time: 5) }
        let server = AnsweringServer { log.answer($0) }
        let client = try QStashClient(token: "t", baseURL: "http://a.test", transport: server)
        let read: EventTail.Reader = { try await client.events.page(countMax: $0, after: $1) }
        var tail = EventTail()
        _ = try await tail.begin(count: 10, read: read)
        for _ in 0..<4 { try await tail.poll(after: .seconds(20), read: read) { _ in } }
        let before = server.requests.count
        try await tail.poll(after: .seconds(1), read: read) { _ in Issue.record("nothing is new") }
        #expect(server.lines.dropFirst(before) == ["GET /v2/events?count=100"])
    }

    @Test func generationsForgetTheOldest() {
        var generations = Generations<Int, Int>(limit: 3)
        for key in 0..<4 { generations.set(key, to: key) }
        var values = [generations.use(0)]
        for key in 10..<13 { generations.set(key, to: key) }
        values += [generations.use(0), generations.use(1)]
        #expect(values == [0, 0, nil], "what was used lately is kept")
        #expect(generations.count <= 6)
        generations.remove(0)
        values.append(generations.use(0))
        #expect(values.last == .some(nil))
    }

    /// A sequence of numbers that a seed decides (SplitMix64).
    private struct Chance: RandomNumberGenerator {
        private var state: UInt64

        init(seed: UInt64) {
            state = seed
        }

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }

        mutating func number(below bound: Int) -> Int { Int(next() % UInt64(bound)) }
    }
}
