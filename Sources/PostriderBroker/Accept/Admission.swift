package import PostriderCore
import Synchronization

/// Decides who may publish now: slower answers first, then none (decision 10).
///
/// It counts requests that are not yet committed, and messages that wait for nothing but the broker itself. Work that waits for
/// its time, a retry or a destination's cap never counts: the disk bounds that.
package final class Admission: Sendable {
    /// The bounds (docs/OPERATIONS.md: what can be set, and what is fixed).
    package struct Limits: Hashable, Sendable {
        /// Publishes between their last byte and their commit.
        package var requestsMax = 4_096
        /// Bytes of publishes that are being received or committed.
        package var requestBytesMax = 256 * 1_048_576
        /// Messages that could start but for the broker's own cap, above which publishes wait.
        package var startableMax = 4_096
        /// How long a publish waits for that before it is refused.
        package var waitMilliseconds: Int64 = 5_000

        package init() {}
    }

    private struct State {
        var requests = 0
        var bytes = 0
    }

    private let limits: Limits
    private let scheduler: Scheduler
    private let clock: any BrokerClock
    private let state = Mutex(State())

    /// How often a waiting publish looks again.
    private static let lookMilliseconds: Int64 = 20

    package init(limits: Limits, scheduler: Scheduler, clock: any BrokerClock) {
        self.limits = limits
        self.scheduler = scheduler
        self.clock = clock
    }

    /// Takes room for a request's bytes; each ``reserve(bytes:)`` needs one ``release(bytes:)``.
    ///
    /// - Throws: `overloaded` when there is none.
    package func reserve(bytes: Int) throws(BrokerError) {
        let isAdmitted = state.withLock { state in
            guard state.bytes + bytes <= limits.requestBytesMax else { return false }
            state.bytes += bytes
            return true
        }
        if !isAdmitted { throw Self.overloaded("too many bytes of publishes are being received") }
    }

    /// Gives room back.
    package func release(bytes: Int) {
        state.withLock { $0.bytes -= bytes }
    }

    /// Runs a commit when there is room for it.
    ///
    /// - Throws: `overloaded` when there is none within the wait, before `body` has run; or what `body` throws.
    package func admit<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        let isAdmitted = state.withLock { state in
            guard state.requests < limits.requestsMax else { return false }
            state.requests += 1
            return true
        }
        guard isAdmitted else { throw Self.overloaded("too many publishes wait for the disk") }
        defer { state.withLock { $0.requests -= 1 } }
        if scheduler.startableCount > limits.startableMax { try await waitForRoom() }
        return try await body()
    }

    private func waitForRoom() async throws {
        let deadline = clock.now.adding(milliseconds: limits.waitMilliseconds)
        while scheduler.startableCount > limits.startableMax {
            guard clock.now < deadline else { throw Self.overloaded("deliveries are behind") }
            try await clock.sleep(until: clock.now.adding(milliseconds: Self.lookMilliseconds))
        }
    }

    private static func overloaded(_ reason: String) -> BrokerError {
        BrokerError(.overloaded, message: "overloaded: \(reason); try again later")
    }
}
