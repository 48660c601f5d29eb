import DequeModule

/// Decides which message is attempted next: a value that takes events and says what to do.
///
/// Entries whose time has not come wait in the ``Horizon``; those whose time has come stand in their lane's line; lanes with
/// work and a free slot take turns. The shell (`PostriderBroker/Schedule/Scheduler`) performs what ``step(now:)`` says.
package struct SchedulerState {
    private enum Place {
        case waiting
        case open(slot: Int)
    }

    private struct Hold {
        /// Cancels under way for the message.
        var count = 1
        /// The entry that came up meanwhile; it takes its place again if the message was not removed.
        var entry: PendingEntry?
        var isRemoved = false
    }

    private let limits: SchedulerLimits
    private var horizon: Horizon
    private var lanes = LaneTable()
    private var readySlots = Deque<Int>()
    /// Messages in a line or under way.
    ///
    /// An entry that turns up again for one of them is a copy and is dropped.
    private var places: [MessageKey: Place] = [:]
    /// Messages that cancels are deciding about.
    private var holds: [MessageKey: Hold] = [:]
    /// Messages that were removed while they stood in a line, until their turn comes.
    private var removed: Set<MessageKey> = []
    /// Messages whose cancel failed while they stood in a line: they are read again before they start.
    private var unverified: Set<MessageKey> = []
    /// The latest messages that were removed before they came here: whoever stored them may still be about to add them.
    private var recentlyRemoved = RecentKeys()
    /// The latest messages whose first attempt began after a read had found them: whoever stored them may still be about to add them.
    private var startedFromStore = RecentKeys()
    private var windowBytes = 0
    private var lanesToLoad: [Lane] = []
    private let rampFrom: Timestamp?

    /// Attempts under way.
    package private(set) var openCount = 0
    /// Messages in lines.
    package private(set) var waitingCount = 0
    /// Messages in the lines of lanes that have a free slot: they wait only for the broker itself, and admission counts them.
    package private(set) var startableCount = 0
    private var isDraining = false
    private var isSuspended = false

    /// - Parameter uncleanStart: When the broker started, if it was stopped uncleanly before: attempts that may have been open
    ///   begin again with low concurrency.
    package init(limits: SchedulerLimits, uncleanStart: Timestamp? = nil) {
        self.limits = limits
        self.horizon = Horizon(capacity: limits.horizonMax, loadMax: limits.loadMax)
        self.rampFrom = uncleanStart
    }

    /// Entries waiting for their time in memory.
    package var horizonCount: Int { horizon.count }

    /// Lanes with work in memory.
    package var laneCount: Int { lanes.count }

    /// True when nothing is under way.
    package var isQuiet: Bool { openCount == 0 }

    // MARK: Events

    /// Takes in a stored entry.
    ///
    /// - Parameter message: The message, to spare reading it; kept only while the window has room.
    package mutating func add(_ entry: PendingEntry, message: Message?, now: Timestamp) {
        // Only who has just stored a message has it; a read may have found it first, and it may even have ended.
        if message != nil, startedFromStore.contains(entry.key) { return }
        guard entry.due > now else { return enqueue(entry, message: message) }
        let slot = lanes.slot(of: entry.lane)
        lanes.update(slot) { $0.horizonCount += 1 }
        forgetHorizonEntries(
            horizon.insert(
                Horizon.Entry(
                    due: entry.due.milliseconds,
                    key: entry.key.rawValue,
                    lane: Int32(slot),
                    retried: Int32(entry.retried)
                )
            )
        )
    }

    /// Frees an attempt's slot.
    ///
    /// - Parameter next: The message's next entry when it waits again; nil when it has ended, or its claim was stale.
    package mutating func attemptEnded(_ key: MessageKey, next: PendingEntry?, now: Timestamp) {
        guard case .open(let slot)? = places.removeValue(forKey: key) else { return }
        openCount -= 1
        changeLane(slot) { $0.openCount -= 1 }
        if let next { add(next, message: nil, now: now) }
    }

    /// Holds messages back while a cancel is decided: none of them starts until ``release(_:isRemoved:now:)``.
    ///
    /// - Returns: Those whose attempt is open already.
    package mutating func withhold(_ keys: [MessageKey]) -> Set<MessageKey> {
        var open: Set<MessageKey> = []
        for key in keys {
            if case .open? = places[key] {
                open.insert(key)
            } else if holds[key] != nil {
                holds[key]?.count += 1
            } else {
                holds[key] = Hold()
            }
        }
        return open
    }

    /// Ends one holding back; when it was the last, a message that was not removed takes its place again.
    ///
    /// Call it once for each message ``withhold(_:)`` did not report as open.
    package mutating func release(_ key: MessageKey, isRemoved: Bool, now: Timestamp) {
        guard var hold = holds[key] else { return }
        hold.count -= 1
        hold.isRemoved = hold.isRemoved || isRemoved
        guard hold.count == 0 else {
            holds[key] = hold
            return
        }
        holds[key] = nil
        if hold.isRemoved {
            if case .waiting? = places[key] { removed.insert(key) } else { recentlyRemoved.insert(key) }
        } else if let entry = hold.entry {
            add(entry, message: nil, now: now)
        } else if case .waiting? = places[key] {
            // The cancel may have been stored although it failed.
            unverified.insert(key)
        }
    }

    /// Starts nothing any more; what is under way may end.
    package mutating func drain() {
        isDraining = true
    }

    /// Reads everything that waits anew: a write may have been stored although it was reported as failed.
    ///
    /// What stands in line or is under way stays; entries that turn up again for it are dropped.
    package mutating func rescan() {
        forgetHorizonEntries(horizon.restart())
    }

    /// While suspended nothing starts: what attempts came to could not be stored (decision 27).
    package mutating func setSuspended(_ isSuspended: Bool) {
        self.isSuspended = isSuspended
    }

    /// Gives a claim back that could not be prepared; it stands in line again.
    package mutating func returnClaim(_ claim: Claim, now: Timestamp) {
        guard case .open(let slot)? = places[claim.key] else { return }
        let entry = PendingEntry(
            key: claim.key,
            due: claim.due,
            retried: claim.retried,
            lane: lanes.lane(at: slot)
        )
        attemptEnded(claim.key, next: entry, now: now)
    }

    /// Takes in a page of the horizon; nil when the read failed.
    package mutating func loaded(_ entries: [PendingEntry]?, for load: HorizonLoad) {
        let page = entries?.compactMap { entry -> Horizon.Entry? in
            guard places[entry.key] == nil else { return nil }
            let slot = lanes.slot(of: entry.lane)
            lanes.update(slot) { $0.horizonCount += 1 }
            return Horizon.Entry(
                due: entry.due.milliseconds,
                key: entry.key.rawValue,
                lane: Int32(slot),
                retried: Int32(entry.retried)
            )
        }
        let isLast = (entries?.count ?? 0) < load.limit
        forgetHorizonEntries(horizon.endLoad(page, reached: entries?.last?.position, isLast: isLast))
    }

    /// Takes in a page of one lane; nil when the read failed.
    package mutating func loaded(_ entries: [PendingEntry]?, for load: LaneLoad, now: Timestamp) {
        guard let slot = lanes.existingSlot(of: load.lane) else { return }
        lanes.update(slot) { state in
            state.isLoading = false
            let hasReadAll =
                (entries?.count ?? 0) < load.limit
                || (entries?.last).map { last in state.leftUpTo.map { $0 <= last.position } ?? true } ?? true
            if entries == nil {
                state.leftFrom = load.from
            } else if hasReadAll {
                state.leftFrom = nil
            } else {
                state.leftFrom = entries?.last?.position.next
            }
            if let left = state.leftWhileLoading { state.leftFrom = min(left, state.leftFrom ?? left) }
            if state.leftFrom == nil { state.leftUpTo = nil }
            state.leftWhileLoading = nil
            // Keeps the lane from being evicted before its entries stand in line.
            state.horizonCount += 1
        }
        // An entry whose time has not come any more, because the clock was set back, waits for it again.
        for entry in entries ?? [] { add(entry, message: nil, now: now) }
        changeLane(slot) { $0.horizonCount -= 1 }
        requestLoadIfLow(load.lane)
    }

    // MARK: Decision

    /// What to do now: attempts to start, pages to read, and when to come back.
    package mutating func step(now: Timestamp) -> SchedulerStep {
        var step = SchedulerStep()
        while let entry = horizon.popDue(now: now) {
            let slot = Int(entry.lane)
            let lane = lanes.lane(at: slot)
            enqueue(
                PendingEntry(
                    key: MessageKey(rawValue: entry.key),
                    due: Timestamp(milliseconds: entry.due),
                    retried: Int(entry.retried),
                    lane: lane
                ),
                message: nil
            )
            changeLane(slot) { $0.horizonCount -= 1 }
        }
        guard !isDraining else {
            step.isDrained = openCount == 0
            return step
        }
        guard !isSuspended else { return step }
        let openMax = openMax(at: now)
        while openCount < openMax, let slot = readySlots.popFirst() {
            if let claim = takeTurn(slot) { step.claims.append(claim) }
        }
        step.horizonLoad = horizon.beginLoad()
        step.laneLoads = lanesToLoad.compactMap { beginLoad(of: $0) }
        lanesToLoad = []
        step.wakeAt = horizon.nextDue
        if openMax < limits.openMax, !readySlots.isEmpty {
            let retry = now.adding(milliseconds: 1_000)
            step.wakeAt = min(step.wakeAt ?? retry, retry)
        }
        return step
    }

    // MARK: Lines

    private mutating func enqueue(_ entry: PendingEntry, message: Message?) {
        guard places[entry.key] == nil, !recentlyRemoved.contains(entry.key) else { return }
        if holds[entry.key] != nil {
            holds[entry.key]?.entry = entry
            return
        }
        let slot = lanes.slot(of: entry.lane)
        let canHold = waitingCount < limits.readyMax
        let bytes = message.map(Self.windowBytes(of:)) ?? 0
        let keepsMessage = message != nil && windowBytes + bytes <= limits.windowBytesMax
        let readyPerLaneMax = limits.readyPerLaneMax
        var isHeld = false
        changeLane(slot) { state in
            let hasRoom = state.line.isEmpty || (canHold && state.line.count < readyPerLaneMax)
            // Once part of the lane is left to the store, later entries follow it there, so that the order stays.
            let isBehind = state.leftFrom.map { $0 < entry.position } ?? false
            guard hasRoom, !isBehind || state.line.isEmpty else {
                state.leftUpTo = max(state.leftUpTo ?? entry.position, entry.position)
                if state.isLoading {
                    state.leftWhileLoading = min(state.leftWhileLoading ?? entry.position, entry.position)
                } else {
                    state.leftFrom = min(state.leftFrom ?? entry.position, entry.position)
                }
                return
            }
            isHeld = true
            state.line.append(
                LaneTable.Waiting(
                    key: entry.key,
                    due: entry.due,
                    retried: entry.retried,
                    message: keepsMessage ? message : nil,
                    windowBytes: keepsMessage ? bytes : 0
                )
            )
        }
        guard isHeld else { return requestLoadIfLow(entry.lane) }
        places[entry.key] = .waiting
        waitingCount += 1
        if keepsMessage { windowBytes += bytes }
    }

    private mutating func takeTurn(_ slot: Int) -> Claim? {
        var taken: LaneTable.Waiting?
        var lane: Lane?
        changeLane(slot) { state in
            state.isReady = false
            lane = state.lane
            taken = state.line.popFirst()
            if taken != nil { state.openCount += 1 }
        }
        guard let taken, let lane else { return nil }
        waitingCount -= 1
        windowBytes -= taken.windowBytes
        defer { requestLoadIfLow(lane) }
        let isRemoved = removed.remove(taken.key) != nil
        let message = unverified.remove(taken.key) == nil ? taken.message : nil
        if isRemoved || holds[taken.key] != nil {
            places[taken.key] = nil
            // A cancel is deciding: the message leaves its line and comes back only if it was not removed.
            holds[taken.key]?.entry = PendingEntry(key: taken.key, due: taken.due, retried: taken.retried, lane: lane)
            changeLane(slot) { $0.openCount -= 1 }
            return nil
        }
        places[taken.key] = .open(slot: slot)
        openCount += 1
        if taken.message == nil, taken.retried == 0 { startedFromStore.insert(taken.key) }
        return Claim(key: taken.key, due: taken.due, retried: taken.retried, message: message)
    }

    /// Changes a lane, then brings its turn and the count of startable messages up to date.
    private mutating func changeLane(_ slot: Int, _ body: (inout LaneTable.State) -> Void) {
        let perLaneMax = limits.openPerLaneMax
        var isNewlyReady = false
        startableCount += lanes.update(slot) { state -> Int in
            let before = Self.startable(state, perLaneMax)
            body(&state)
            if !state.isReady, !state.line.isEmpty, state.openCount < perLaneMax {
                state.isReady = true
                isNewlyReady = true
            }
            return Self.startable(state, perLaneMax) - before
        }
        if isNewlyReady { readySlots.append(slot) }
    }

    private static func startable(_ state: LaneTable.State, _ perLaneMax: Int) -> Int {
        min(state.line.count, max(0, perLaneMax - state.openCount))
    }

    // MARK: Reading what was left to the store

    private mutating func requestLoadIfLow(_ lane: Lane) {
        guard let slot = lanes.existingSlot(of: lane) else { return }
        let lineMax = waitingCount < limits.readyMax ? limits.readyPerLaneMax / 2 : 0
        let isLow = lanes.update(slot) { state in
            state.leftFrom != nil && !state.isLoading && state.line.count <= lineMax
        }
        if isLow, !lanesToLoad.contains(lane) { lanesToLoad.append(lane) }
    }

    private mutating func beginLoad(of lane: Lane) -> LaneLoad? {
        guard let slot = lanes.existingSlot(of: lane) else { return nil }
        let readyPerLaneMax = limits.readyPerLaneMax
        let loadMax = limits.loadMax
        return lanes.update(slot) { state in
            guard let from = state.leftFrom, !state.isLoading else { return nil }
            state.isLoading = true
            state.leftFrom = nil
            return LaneLoad(lane: lane, from: from, limit: max(1, min(loadMax, readyPerLaneMax - state.line.count)))
        }
    }

    private mutating func forgetHorizonEntries(_ slots: [Int32]) {
        for slot in slots { changeLane(Int(slot)) { $0.horizonCount -= 1 } }
    }

    private func openMax(at now: Timestamp) -> Int {
        guard let rampFrom else { return limits.openMax }
        let seconds = max(0, now.seconds - rampFrom.seconds)
        guard seconds < 16 else { return limits.openMax }
        return min(limits.openMax, max(1, limits.openAfterUncleanStop) << seconds)
    }

    private static func windowBytes(of message: Message) -> Int {
        // Headers and the object itself are small beside this, and bounded by the header limit.
        guard case .bytes(let bytes) = message.body else { return 512 }
        return bytes.count + 512
    }
}
