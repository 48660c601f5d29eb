import PostriderCore
import PostriderSimulation

/// A scheduler under random events, beside a store so simple that it is plainly right.
///
/// Everything a real shell does takes two events here, so that others fall between: a read is answered with what was stored
/// when it was made, a claim is compared with the store before it becomes an attempt, and an outcome is stored before the
/// scheduler hears of it.
struct SchedulerModel {
    private struct Cancel {
        let key: MessageKey
        var isRemoved: Bool?
    }

    static let openMax = 6
    static let openPerLaneMax = 3
    static let horizonMax = 6

    private let random: SeededRandom
    private var state: SchedulerState
    private var store = WaitingEntries()
    private var now = WaitingSample.at(0)
    private var lastKey: Int64 = 0
    private var horizonReads: [(load: HorizonLoad, page: [PendingEntry]?)] = []
    private var laneReads: [(load: LaneLoad, page: [PendingEntry]?)] = []
    private var claims: [Claim] = []
    private var open: [PendingEntry] = []
    private var settled: [(key: MessageKey, next: PendingEntry?)] = []
    private var cancels: [Cancel] = []
    private var removed: Set<MessageKey> = []
    /// Every rescan would heal what was lost before it, so that most runs have none.
    private let hasLostAnswers: Bool
    private(set) var startedCount = 0
    /// Every promise that was broken, in words.
    private(set) var violations: [String] = []

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        hasLostAnswers = seed % 4 == 0
        var limits = SchedulerLimits()
        limits.openMax = Self.openMax
        limits.openPerLaneMax = Self.openPerLaneMax
        limits.horizonMax = Self.horizonMax
        limits.readyPerLaneMax = 4
        limits.readyMax = 10
        limits.loadMax = 4
        limits.openAfterUncleanStop = 1
        let uncleanStart = random.next() % 2 == 0 ? now : nil
        state = SchedulerState(limits: limits, uncleanStart: uncleanStart)
    }

    /// Runs random events, then lets everything end and looks for what is left.
    mutating func run(events: Int) {
        for _ in 0..<events where violations.isEmpty { event() }
        settle()
    }

    private mutating func event() {
        switch random.next() % 20 {
        case 0...3: publish()
        case 4: if hasLostAnswers { publishWithoutAWord() }
        case 5...6: advance()
        case 7...10: step()
        case 11...12: answerRead()
        case 13...14: prepare()
        case 15...16: storeOutcome(isFinal: random.next() % 3 > 0)
        case 17: tellOutcome()
        case 18: cancel()
        default: state.setSuspended(random.next() % 4 == 0)
        }
    }

    // MARK: Events

    private mutating func publish() {
        let entry = freshEntry()
        store.insert(entry)
        state.add(entry, message: nil, now: now)
    }

    /// A write that was reported as failed and is there all the same.
    private mutating func publishWithoutAWord() {
        store.insert(freshEntry())
        state.rescan()
    }

    private mutating func freshEntry() -> PendingEntry {
        lastKey += 1
        let delay = random.next() % 2 == 0 ? 0 : Int64(random.next() % 400)
        return PendingEntry(
            key: MessageKey(rawValue: lastKey),
            due: now.adding(milliseconds: delay),
            retried: 0,
            lane: WaitingSample.lane("lane \(random.next() % 4)")
        )
    }

    private mutating func advance() {
        now = now.adding(milliseconds: Int64(random.next() % 100))
    }

    private mutating func step() {
        let step = state.step(now: now)
        claims += step.claims
        // A read is answered with what the store holds now, whatever happens until the answer is heard.
        if let load = step.horizonLoad { horizonReads.append((load, fails() ? nil : store.page(load))) }
        for load in step.laneLoads { laneReads.append((load, fails() ? nil : store.page(load))) }
        check()
    }

    private func fails() -> Bool { random.next() % 8 == 0 }

    private mutating func answerRead() {
        if let index = anyIndex(of: horizonReads.count) {
            let read = horizonReads.remove(at: index)
            state.loaded(read.page, for: read.load)
        }
        if let index = anyIndex(of: laneReads.count) {
            let read = laneReads.remove(at: index)
            state.loaded(read.page, for: read.load, now: now)
        }
    }

    private mutating func prepare() {
        guard let index = anyIndex(of: claims.count) else { return }
        let claim = claims.remove(at: index)
        if random.next() % 10 == 0 { return state.returnClaim(claim, now: now) }
        guard let entry = store[claim.key], entry.due == claim.due else {
            // What the scheduler knew is outdated: it is told what the store has now.
            return state.attemptEnded(claim.key, next: store[claim.key], now: now)
        }
        if entry.due > now { violations.append("\(claim.key.rawValue) started before its time") }
        if removed.contains(claim.key) { violations.append("\(claim.key.rawValue) started after it was removed") }
        if open.contains(where: { $0.key == claim.key }) { violations.append("\(claim.key.rawValue) is open twice") }
        startedCount += 1
        open.append(entry)
    }

    private mutating func storeOutcome(isFinal: Bool) {
        guard let index = anyIndex(of: open.count) else { return }
        let entry = open.remove(at: index)
        guard !isFinal else {
            store[entry.key] = nil
            return settled.append((entry.key, nil))
        }
        let due = now.adding(milliseconds: Int64(random.next() % 200))
        let next = PendingEntry(key: entry.key, due: due, retried: entry.retried + 1, lane: entry.lane)
        store.insert(next)
        settled.append((entry.key, next))
    }

    private mutating func tellOutcome() {
        guard let index = anyIndex(of: settled.count) else { return }
        let outcome = settled.remove(at: index)
        state.attemptEnded(outcome.key, next: outcome.next, now: now)
    }

    private mutating func cancel() {
        switch random.next() % 3 {
        case 0:
            let key = MessageKey(rawValue: 1 + Int64(random.next() % UInt64(max(1, lastKey))))
            // An open message is marked in the store and its attempt goes on.
            if state.withhold([key]).isEmpty { cancels.append(Cancel(key: key)) }
        case 1:
            guard let index = anyIndex(of: cancels.count), cancels[index].isRemoved == nil else { return }
            decide(index)
        default:
            guard let index = anyIndex(of: cancels.count), let isRemoved = cancels[index].isRemoved else { return }
            state.release(cancels.remove(at: index).key, isRemoved: isRemoved, now: now)
        }
    }

    /// Removes the message, or fails and leaves it.
    private mutating func decide(_ index: Int) {
        let key = cancels[index].key
        let isRemoved = !fails() && store[key] != nil
        cancels[index].isRemoved = isRemoved
        guard isRemoved else { return }
        store[key] = nil
        removed.insert(key)
    }

    private func anyIndex(of count: Int) -> Int? { count == 0 ? nil : Int(random.next() % UInt64(count)) }

    // MARK: Promises

    private mutating func check() {
        let underWay = claims.map(\.key) + open.map(\.key) + settled.map(\.key)
        if Set(underWay).count != underWay.count { violations.append("a message is under way twice") }
        if underWay.count != state.openCount {
            violations.append("\(underWay.count) are under way, not \(state.openCount)")
        }
        if underWay.count > Self.openMax { violations.append("\(underWay.count) are under way in all") }
        var lanes: [Lane: Int] = [:]
        for entry in open { lanes[entry.lane, default: 0] += 1 }
        if let most = lanes.values.max(), most > Self.openPerLaneMax { violations.append("\(most) are open in a lane") }
        if state.horizonCount > Self.horizonMax { violations.append("\(state.horizonCount) wait in memory") }
        if state.startableCount > state.waitingCount { violations.append("more can start than wait") }
    }

    /// Lets everything that is under way end well; then nothing may be left, in the store or in memory.
    private mutating func settle() {
        state.setSuspended(false)
        var rounds = 0
        while violations.isEmpty, store.count > 0 || state.laneCount > 0 {
            rounds += 1
            guard rounds < 2_000 else {
                let left = store.entries.keys.map(\.rawValue).sorted()
                return violations.append("left: \(left) in the store, \(state.laneCount) lanes in memory")
            }
            while !cancels.isEmpty {
                if cancels[0].isRemoved == nil { decide(0) }
                let cancel = cancels.removeFirst()
                state.release(cancel.key, isRemoved: cancel.isRemoved ?? false, now: now)
            }
            step()
            while !horizonReads.isEmpty || !laneReads.isEmpty { answerRead() }
            while !claims.isEmpty { prepare() }
            while !open.isEmpty { storeOutcome(isFinal: true) }
            while !settled.isEmpty { tellOutcome() }
            now = now.adding(milliseconds: 20)
        }
        if state.waitingCount > 0 || state.startableCount > 0 || state.openCount > 0 || state.horizonCount > 0 {
            violations.append("memory still counts \(state.waitingCount), \(state.startableCount), \(state.openCount)")
        }
    }
}
