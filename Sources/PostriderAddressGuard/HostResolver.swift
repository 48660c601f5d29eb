import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Turns hosts into addresses, with a bound on threads, time, memory and callers.
///
/// One dead name must not delay another: every host has at most two threads, and those who ask for the same host share one
/// lookup. Addresses in any written form (``IPAddress``, ``LegacyIPv4Form``) are answered without a lookup.
package final class HostResolver: Sendable {
    private typealias Ledger = HostLookupLedger<Caller>
    private typealias Caller = @Sendable (HostResolution) -> Void

    private let lookup: any HostLookup
    private let threads: any LookupThreads
    private let timer: any DeadlineTimer
    private let nanoseconds: @Sendable () -> UInt64
    private let lookupMilliseconds: Int64
    private let ledger: Mutex<Ledger>

    /// Makes a resolver over the given seams; `nanoseconds` reads a monotonic clock.
    package init(
        lookup: any HostLookup,
        threads: any LookupThreads,
        timer: any DeadlineTimer,
        nanoseconds: @escaping @Sendable () -> UInt64,
        configuration: Configuration = Configuration()
    ) {
        self.lookup = lookup
        self.threads = threads
        self.timer = timer
        self.nanoseconds = nanoseconds
        self.lookupMilliseconds = configuration.lookupMilliseconds
        self.ledger = Mutex(Ledger(configuration: configuration))
    }

    /// A resolver over the system's resolver, threads, timers and monotonic clock.
    package static func system(configuration: Configuration = Configuration()) -> HostResolver {
        HostResolver(
            lookup: SystemHostLookup(),
            threads: DetachedLookupThreads(),
            timer: DispatchDeadlineTimer(),
            nanoseconds: {
                var time = timespec()
                clock_gettime(CLOCK_MONOTONIC, &time)
                return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
            },
            configuration: configuration
        )
    }

    /// Resolves a host name or an address in any written form, without brackets.
    ///
    /// Waits at most for the bound of one lookup, also when the calling task is cancelled.
    package func resolve(host: String) async -> HostResolution {
        await withCheckedContinuation { continuation in
            resolve(host: host) { continuation.resume(returning: $0) }
        }
    }

    /// Resolves a host and calls back exactly once: at once on this thread when no lookup is needed, else on another one.
    package func resolve(host: String, whenDone: @escaping @Sendable (HostResolution) -> Void) {
        if let address = IPAddress(host) ?? LegacyIPv4Form.address(host) {
            return whenDone(.addresses([address]))
        }
        // DNS has no longer names, and the system's resolver takes other bytes for what the locale makes of them.
        guard (1...254).contains(host.utf8.count), host.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return whenDone(.noSuchHost)
        }
        let host = host.lowercased()
        let now = nanoseconds()
        let admission = ledger.withLock { $0.admit(whenDone, host: host, now: now) }
        switch admission {
        case .answer(let resolution):
            whenDone(resolution)
        case .wait:
            break
        case .begin(let id, let job):
            timer.schedule(afterMilliseconds: lookupMilliseconds) { self.expire(id) }
            if let job {
                threads.start { self.run(job) }
            }
        }
    }

    /// Runs a job, and then those that have been waiting for its thread.
    private func run(_ first: Ledger.Job) {
        var job: Ledger.Job? = first
        while let current = job {
            let resolution = lookup.resolution(of: current.host)
            let now = nanoseconds()
            let (callers, next) = ledger.withLock { $0.finish(current, resolution, now: now) }
            for caller in callers {
                caller(resolution)
            }
            job = next
        }
    }

    private func expire(_ id: Ledger.LookupID) {
        let now = nanoseconds()
        let callers = ledger.withLock { $0.expire(id, now: now) }
        for caller in callers {
            caller(.timedOut)
        }
    }
}
