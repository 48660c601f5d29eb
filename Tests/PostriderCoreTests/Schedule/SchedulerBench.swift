import PostriderCore
import Testing

/// Drives a scheduler as its shell does, over a store that answers every read at once.
struct SchedulerBench {
    var state: SchedulerState
    var store = WaitingEntries()
    var now = WaitingSample.at(0)
    /// The last step, without its reads.
    private(set) var last = SchedulerStep()

    init(uncleanStart: Timestamp? = nil, _ change: (inout SchedulerLimits) -> Void = { _ in }) {
        var limits = SchedulerLimits()
        change(&limits)
        state = SchedulerState(limits: limits, uncleanStart: uncleanStart)
        _ = step()
    }

    /// Stores entries and tells the scheduler.
    mutating func publish(_ entries: PendingEntry...) { publish(entries) }

    mutating func publish(_ entries: [PendingEntry]) {
        for entry in entries {
            store.insert(entry)
            state.add(entry, message: nil, now: now)
        }
    }

    /// Performs what the scheduler wants until it wants nothing more; returns the keys of the attempts it started.
    mutating func step() -> [Int64] {
        var claims: [Claim] = []
        for round in 0... {
            guard round < 10_000 else {
                Issue.record("the scheduler reads on and on")
                break
            }
            last = state.step(now: now)
            claims += last.claims
            if let load = last.horizonLoad { state.loaded(store.page(load), for: load) }
            for load in last.laneLoads { state.loaded(store.page(load), for: load, now: now) }
            guard last.horizonLoad != nil || !last.laneLoads.isEmpty || !last.claims.isEmpty else { break }
        }
        return claims.map(\.key.rawValue)
    }

    mutating func advance(to milliseconds: Int64) -> [Int64] {
        now = WaitingSample.at(milliseconds)
        return step()
    }

    /// Ends an attempt for good.
    mutating func finish(_ number: Int64) {
        store[WaitingSample.key(number)] = nil
        state.attemptEnded(WaitingSample.key(number), next: nil, now: now)
    }

    /// Ends an attempt with another to follow.
    mutating func retry(_ number: Int64, due: Int64) {
        guard let before = store[WaitingSample.key(number)] else { return }
        let next = PendingEntry(
            key: before.key,
            due: WaitingSample.at(due),
            retried: before.retried + 1,
            lane: before.lane
        )
        store.insert(next)
        state.attemptEnded(before.key, next: next, now: now)
    }

    /// Finishes what starts, one attempt after the other, until nothing starts any more; returns the order of the starts.
    mutating func finishAll() -> [Int64] {
        var order: [Int64] = []
        var open = step()
        while !open.isEmpty {
            order += open
            for number in open { finish(number) }
            open = step()
        }
        return order
    }

    /// True when nothing is left in memory.
    var isEmpty: Bool {
        state.laneCount == 0 && state.openCount == 0 && state.waitingCount == 0 && state.startableCount == 0
            && state.horizonCount == 0
    }
}
