import Synchronization

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension MemoryJobStorage: RateLimitStore {
    /// Decides about one request.
    public func hit(_ key: String, limit: RateLimit, now: Date) async throws -> RateLimitDecision {
        state.withLock { state in
            let (decision, counts) = limit.decide(state.counters.value(key, now: now)?.value, now: now)
            // They count in their own window, and in part in the one after it.
            state.counters.set(key, to: counts, until: now.adding(limit.window * 2), now: now)
            return decision
        }
    }

    /// Forgets counters that have run out.
    public func removeExpiredCounters(now: Date, limit: Int) async throws -> Int {
        state.withLock { state in
            let count = state.counters.removeExpired(now: now, limit: limit)
            return count + state.circuits.removeExpired(now: now, limit: limit - count)
        }
    }
}

extension MemoryJobStorage: CircuitBreakerStore {
    /// The state of a circuit.
    public func circuit(_ name: String) async throws -> CircuitState {
        state.withLock { $0.circuits.value(name) ?? .closed }
    }

    /// Changes the state of a circuit.
    public func update(
        _ name: String,
        ttl: Duration,
        now: Date,
        _ change: @escaping @Sendable (CircuitState) -> CircuitState
    ) async throws -> CircuitState {
        state.withLock { state in
            let circuit = change(state.circuits.value(name, now: now)?.value ?? .closed)
            state.circuits.set(name, to: circuit, until: now.adding(ttl), now: now)
            return circuit
        }
    }
}
