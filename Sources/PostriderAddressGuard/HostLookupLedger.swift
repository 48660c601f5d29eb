/// Decides about lookups: who shares one, which may run, what is remembered.
///
/// Pure; times in nanoseconds.
///
/// Generic over the caller, so that tests can use numbers for callers.
struct HostLookupLedger<Caller> {
    typealias LookupID = UInt64

    /// A lookup that a thread should run now.
    struct Job: Hashable {
        let id: LookupID
        let host: String
    }

    /// What to do for a new caller.
    enum Admission {
        /// Answer at once.
        case answer(HostResolution)
        /// The caller waits for a lookup that is already known.
        case wait
        /// The caller waits for a new lookup: set its timer, and run it on a thread when there is a job.
        case begin(LookupID, run: Job?)
    }

    private struct Lookup {
        let host: String
        var callers: [Caller]
        var isRunning: Bool
    }

    private struct Memory {
        let resolution: HostResolution
        let expiresAt: UInt64
    }

    private let configuration: HostResolver.Configuration
    private var nextID: LookupID = 0
    /// Lookups that callers wait for; an overdue one is gone from here while its thread still runs.
    private var lookups: [LookupID: Lookup] = [:]
    private var lookupByHost: [String: LookupID] = [:]
    private var queue: [LookupID] = []
    private var runningByHost: [String: Int] = [:]
    private var runningCount = 0
    private var callerCount = 0
    private var memory: [String: Memory] = [:]

    init(configuration: HostResolver.Configuration) {
        self.configuration = configuration
    }

    /// How many hosts are remembered, for tests of the bound.
    var rememberedCount: Int { memory.count }

    mutating func admit(_ caller: Caller, host: String, now: UInt64) -> Admission {
        if let remembered = memory[host] {
            if now < remembered.expiresAt { return .answer(remembered.resolution) }
            memory[host] = nil
        }
        guard callerCount < configuration.callersMax else {
            return .answer(.failed(detail: "too many name lookups are waiting"))
        }
        if let id = lookupByHost[host] {
            lookups[id]?.callers.append(caller)
            callerCount += 1
            return .wait
        }
        guard runningByHost[host, default: 0] < configuration.lookupsPerHostMax else {
            // Every thread that this host may hold hangs in the resolver: one more would hang there as well.
            return .answer(.timedOut)
        }
        let id = nextID
        nextID += 1
        lookups[id] = Lookup(host: host, callers: [caller], isRunning: false)
        lookupByHost[host] = id
        callerCount += 1
        queue.append(id)
        return .begin(id, run: nextJob())
    }

    /// A thread has the result: answers the callers, remembers it, and names the job that the thread takes next.
    mutating func finish(_ job: Job, _ resolution: HostResolution, now: UInt64) -> (callers: [Caller], next: Job?) {
        runningCount -= 1
        let left = runningByHost[job.host, default: 1] - 1
        runningByHost[job.host] = left == 0 ? nil : left
        // An overdue result is good news for the next caller, so it is remembered too; but late bad news must not
        // replace addresses that a second lookup has found meanwhile.
        remember(resolution, of: job.host, now: now)
        return (end(job.id), nextJob())
    }

    /// The time of a lookup is up: returns the callers to be told so; none when it has ended already.
    mutating func expire(_ id: LookupID, now: UInt64) -> [Caller] {
        guard let lookup = lookups[id] else { return [] }
        if lookup.isRunning {
            remember(.timedOut, of: lookup.host, now: now)
        } else if let position = queue.firstIndex(of: id) {
            // It never got a thread, which says nothing about the host.
            queue.remove(at: position)
        }
        return end(id)
    }

    private mutating func end(_ id: LookupID) -> [Caller] {
        guard let lookup = lookups.removeValue(forKey: id) else { return [] }
        lookupByHost[lookup.host] = nil
        callerCount -= lookup.callers.count
        return lookup.callers
    }

    private mutating func nextJob() -> Job? {
        guard runningCount < configuration.lookupsMax, !queue.isEmpty else { return nil }
        let id = queue.removeFirst()
        guard let host = lookups[id]?.host else { return nil }
        lookups[id]?.isRunning = true
        runningCount += 1
        runningByHost[host, default: 0] += 1
        return Job(id: id, host: host)
    }

    private mutating func remember(_ resolution: HostResolution, of host: String, now: UInt64) {
        var milliseconds = configuration.failuresKeptMilliseconds
        if case .addresses = resolution {
            milliseconds = configuration.addressesKeptMilliseconds
        } else if let known = memory[host], case .addresses = known.resolution, now < known.expiresAt {
            return
        }
        if memory[host] == nil, memory.count >= configuration.hostsKeptMax {
            makeRoom(now: now)
        }
        memory[host] = Memory(resolution: resolution, expiresAt: now + UInt64(milliseconds) * 1_000_000)
    }

    /// Drops what has expired, and the eighth that expires soonest when that was not enough.
    ///
    /// Dropping many at a time keeps the cost of sorting away from most calls.
    private mutating func makeRoom(now: UInt64) {
        memory = memory.filter { now < $0.value.expiresAt }
        guard memory.count >= configuration.hostsKeptMax else { return }
        let soonest = memory.sorted { ($0.value.expiresAt, $0.key) < ($1.value.expiresAt, $1.key) }
        for (host, _) in soonest.prefix(max(1, configuration.hostsKeptMax / 8)) {
            memory[host] = nil
        }
    }
}
