import Synchronization

/// Storage in memory, for tests, and for one process that may forget everything when it ends.
///
/// What has run out is removed as the storage is used. Records are kept for a week after their job has ended.
public final class MemoryJobStorage: Sendable {
    /// How long the record of a job is kept after its end: a week.
    static let endedRecordTTL: Duration = .seconds(604_800)

    /// A lock or a done marker.
    enum Delivery: Hashable {
        case held(by: LockOwner)
        case done
    }

    /// A claim on a business event.
    struct Claim: Hashable {
        var owner: String
        var isDone: Bool
    }

    struct State {
        var deliveries = ExpiringEntries<Delivery>()
        var claims = ExpiringEntries<Claim>()
        var records = ExpiringEntries<JobRecord>()
        var counters = ExpiringEntries<RateLimitCounts>()
        var circuits = ExpiringEntries<CircuitState>()
        /// By job type; each list newest first.
        var deadLetters = ExpiringEntries<[DeadLetterEntry]>()
        var watchers: [Int: @Sendable (String) -> Void] = [:]
        var watcherCount = 0
    }

    let state = Mutex(State())

    /// An empty storage.
    public init() {}
}

extension JobStorage {
    /// Storage in memory: everything is forgotten when the process ends.
    public static func inMemory() -> JobStorage { JobStorage(MemoryJobStorage()) }
}
