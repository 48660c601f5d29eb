public import Logging
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Keeps calls from something that fails anyway, until it has had time to recover.
///
/// ```swift
/// let mail = CircuitBreaker(name: "resend", store: storage.circuits, clock: clock, logger: logger)
/// try await mail.call { try await send(message) }
/// ```
///
/// All processes that share the store share the circuit. A store that cannot be reached counts as a closed circuit: the breaker saves
/// work, and must not be what stops it.
public struct CircuitBreaker: Sendable {
    /// Which circuit; also part of its key, `circuit:<name>`.
    public let name: String

    /// When it opens and closes.
    public let policy: CircuitPolicy

    private let store: any CircuitBreakerStore
    private let clock: any JobClock
    private let logger: Logger

    /// A breaker.
    public init(
        name: String,
        store: any CircuitBreakerStore,
        clock: any JobClock,
        policy: CircuitPolicy = CircuitPolicy(),
        logger: Logger
    ) {
        self.name = name
        self.policy = policy
        self.store = store
        self.clock = clock
        self.logger = logger
    }

    /// Whether calls pass now; closed when the store cannot tell.
    public func phase() async -> CircuitPolicy.Phase {
        do {
            return policy.phase(of: try await store.circuit(name), now: clock.now)
        } catch {
            degraded()
            return .closed
        }
    }

    /// Calls what it protects, unless the circuit is open, and remembers how it went.
    ///
    /// A cancelled call says nothing about what it called, and is not counted.
    ///
    /// - Parameters:
    ///   - body: The call.
    ///   - isFailure: Whether an error speaks against what was called; a refusal of bad input, for example, does not.
    /// - Throws: ``JobsError`` with code `circuit_open` when the circuit is open, and nothing was called then; else what `body` throws.
    public func call<Success: Sendable>(
        _ body: () async throws -> Success,
        isFailure: (any Error) -> Bool = { _ in true }
    ) async throws -> Success {
        let before = await phase()
        if case .open = before { throw JobsError(.circuitOpen, "circuit \(name) is open") }
        do {
            let success = try await body()
            await succeeded(before)
            return success
        } catch let error where error is CancellationError || Task.isCancelled {
            throw error
        } catch {
            // What was called answered, if only to refuse: that is as good as a success.
            if isFailure(error) { await failed() } else { await succeeded(before) }
            throw error
        }
    }

    private func succeeded(_ before: CircuitPolicy.Phase) async {
        // A closed circuit learns nothing from a success, so the usual call costs one read and no write.
        guard before == .halfOpen else { return }
        await change { [policy] in policy.succeeded($0, now: $1) }
    }

    private func failed() async {
        await change { [policy] in policy.failed($0, now: $1) }
    }

    private func change(_ transition: @escaping @Sendable (CircuitState, Date) -> CircuitState) async {
        let now = clock.now
        // The store may try the transition several times; the last try is the one that counts.
        let seen = Mutex<(before: CircuitState, after: CircuitState)?>(nil)
        do {
            _ = try await store.update(name, ttl: policy.ttl, now: now) { state in
                let after = transition(state, now)
                seen.withLock { $0 = (state, after) }
                return after
            }
        } catch {
            degraded()
            return
        }
        guard let (before, after) = seen.withLock({ $0 }) else { return }
        tell(before, after)
    }

    /// Tells of a circuit that has opened or closed, once, in the process that did it.
    private func tell(_ before: CircuitState, _ after: CircuitState) {
        if let openedAt = after.openedAt, before.openedAt != openedAt {
            logger.warning("circuit_breaker.opened", metadata: ["circuit": "\(name)"])
        } else if before.openedAt != nil, after.openedAt == nil {
            logger.notice("circuit_breaker.closed", metadata: ["circuit": "\(name)"])
        }
    }

    private func degraded() {
        logger.warning("circuit_breaker.degraded", metadata: ["circuit": "\(name)"])
    }
}
