#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What is remembered about one circuit (application reference, 5.2 and 12.3).
public struct CircuitState: Sendable, Hashable {
    /// The failures that count: when each happened, oldest first, at most as many as open the circuit.
    public var failures: [Date]

    /// When it opened; nil while it is closed.
    public var openedAt: Date?

    /// Successes since it is half open.
    public var successes: Int

    /// A state.
    public init(failures: [Date] = [], openedAt: Date? = nil, successes: Int = 0) {
        self.failures = failures
        self.openedAt = openedAt
        self.successes = successes
    }

    /// Closed, and nothing has failed.
    public static let closed = CircuitState()
}

/// Keeps the state of circuits by name, for all processes that share them.
public protocol CircuitBreakerStore: Sendable {
    /// The state; ``CircuitState/closed`` for a name that is not known.
    func circuit(_ name: String) async throws -> CircuitState

    /// Changes a state in one atomic step.
    ///
    /// - Parameters:
    ///   - ttl: How long the state is kept from now on.
    ///   - change: A pure function; it may be called again when another process was faster.
    /// - Returns: The state after the change.
    func update(
        _ name: String,
        ttl: Duration,
        now: Date,
        _ change: @escaping @Sendable (CircuitState) -> CircuitState
    ) async throws -> CircuitState
}
