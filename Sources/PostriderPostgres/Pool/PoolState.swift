#if Postgres
/// What a pool decides: who gets which connection, who waits, when to connect again.
///
/// A pure state machine over connections of any kind: its owner does what it returns.
struct PoolState<Connection, Waiter> {
    /// A connection nobody uses.
    struct Idle {
        var connection: Connection
        var openedAt: ContinuousClock.Instant
        var since: ContinuousClock.Instant
    }

    /// What a request gets.
    enum Grant {
        /// A connection that was used before.
        case existing(Connection, openedAt: ContinuousClock.Instant)
        /// The right to open a new one.
        case opening
    }

    enum Request {
        case granted(Grant)
        case wait
        case refused(PostgresError)
    }

    private let limits: PostgresLimits
    /// Unused connections, the one used last at the end.
    private(set) var idle: [Idle] = []
    /// Connections open, and rights to open one.
    private(set) var connectionCount = 0
    private(set) var waiters: [(id: UInt64, waiter: Waiter)] = []
    private(set) var isClosed = false
    /// Attempts to connect that failed one after the other, and the last one's error.
    private(set) var failureCount = 0
    private(set) var lastFailure: PostgresError?
    private var lastFailureAt: ContinuousClock.Instant?

    init(limits: PostgresLimits) { self.limits = limits }

    /// Connections that are in use or being opened.
    var usedCount: Int { connectionCount - idle.count }

    mutating func request(now: ContinuousClock.Instant) -> Request {
        if isClosed { return .refused(Self.closedError) }
        if let last = idle.popLast() { return .granted(.existing(last.connection, openedAt: last.openedAt)) }
        if connectionCount < limits.connectionCountMax {
            connectionCount += 1
            return .granted(.opening)
        }
        guard waiters.count < limits.waiterCountMax else {
            return .refused(PostgresError(.poolExhausted, "\(waiters.count) tasks wait for a connection already"))
        }
        return .wait
    }

    mutating func enqueue(_ waiter: Waiter, id: UInt64) { waiters.append((id, waiter)) }

    /// Takes a waiter out of the line; nil when it has been served.
    mutating func leave(id: UInt64) -> Waiter? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return nil }
        return waiters.remove(at: index).waiter
    }

    /// Takes a sound connection back.
    ///
    /// - Returns: The waiter who gets what; nil when nobody waits.
    mutating func put(
        _ connection: Connection,
        openedAt: ContinuousClock.Instant,
        now: ContinuousClock.Instant
    ) -> (waiter: Waiter, grant: Grant)? {
        guard !isClosed, openedAt.duration(to: now) < limits.connectionAgeMax else { return remove() }
        guard !waiters.isEmpty else {
            idle.append(Idle(connection: connection, openedAt: openedAt, since: now))
            return nil
        }
        return (waiters.removeFirst().waiter, .existing(connection, openedAt: openedAt))
    }

    /// Counts a connection out that broke, grew old, or could not be opened; the first in line may open another.
    mutating func remove() -> (waiter: Waiter, grant: Grant)? {
        guard !waiters.isEmpty, !isClosed else {
            connectionCount -= 1
            return nil
        }
        return (waiters.removeFirst().waiter, .opening)
    }

    /// When the next attempt to connect may begin.
    var nextAttemptAt: ContinuousClock.Instant? {
        lastFailureAt.map { $0 + Self.backoff(failures: failureCount, limits: limits) }
    }

    mutating func connected() {
        failureCount = 0
        lastFailure = nil
        lastFailureAt = nil
    }

    /// Notes a failed attempt.
    mutating func failedToConnect(
        _ error: PostgresError,
        begunAt: ContinuousClock.Instant,
        now: ContinuousClock.Instant
    ) {
        lastFailure = error
        // Attempts made at the same time are one failure of the server.
        guard lastFailureAt.map({ begunAt >= $0 }) ?? true else { return }
        failureCount += 1
        lastFailureAt = now
    }

    /// Doubles with each failure, up to a bound.
    static func backoff(failures: Int, limits: PostgresLimits) -> Duration {
        guard failures > 0 else { return .zero }
        return min(limits.backoffMin * (1 << min(failures - 1, 20)), limits.backoffMax)
    }

    /// Takes the connections out that nobody has used for long.
    mutating func takeStale(now: ContinuousClock.Instant) -> [Connection] {
        let (idleTimeout, ageMax) = (limits.idleTimeout, limits.connectionAgeMax)
        let isStale = { (entry: Idle) in
            entry.since.duration(to: now) >= idleTimeout || entry.openedAt.duration(to: now) >= ageMax
        }
        let stale = idle.filter(isStale).map(\.connection)
        guard !stale.isEmpty else { return [] }
        idle.removeAll(where: isStale)
        connectionCount -= stale.count
        return stale
    }

    /// Closes the pool: takes all who wait, and all unused connections, out.
    mutating func close() -> (waiters: [Waiter], connections: [Connection]) {
        isClosed = true
        let result = (waiters.map(\.waiter), idle.map(\.connection))
        connectionCount -= idle.count
        waiters = []
        idle = []
        return result
    }

    /// Why a task that has waited too long got nothing.
    var exhausted: PostgresError {
        if let lastFailure { return lastFailure }
        return PostgresError(.poolExhausted, "no connection became free in time")
    }

    static var closedError: PostgresError { PostgresError(.poolClosed, "the pool is shut down") }
}
#endif
