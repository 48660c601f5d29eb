#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// When a circuit opens, and when it closes again (application reference, 5.2).
///
/// Pure transitions of ``CircuitState``; ``CircuitBreaker`` keeps the state in a store.
public struct CircuitPolicy: Sendable, Hashable {
    /// So many failures within ``failureWindow`` open the circuit; above zero.
    public let failuresMax: Int

    /// How long a failure counts.
    public let failureWindow: Duration

    /// How long an open circuit lets no call pass.
    public let cooldown: Duration

    /// So many successes of a half-open circuit close it; above zero.
    public let successesToClose: Int

    /// A policy; 3 failures within 60 s open for 60 s, then 2 successes close.
    public init(
        failuresMax: Int = 3,
        failureWindow: Duration = .seconds(60),
        cooldown: Duration = .seconds(60),
        successesToClose: Int = 2
    ) {
        precondition(failuresMax > 0, "\(failuresMax) failures cannot open a circuit")
        precondition(successesToClose > 0, "\(successesToClose) successes cannot close a circuit")
        precondition(failureWindow > .zero && cooldown > .zero, "the times of a circuit must be above zero")
        self.failuresMax = failuresMax
        self.failureWindow = failureWindow
        self.cooldown = cooldown
        self.successesToClose = successesToClose
    }

    /// Whether calls pass.
    public enum Phase: Sendable, Hashable {
        /// Calls pass.
        case closed
        /// No call passes before then.
        case open(until: Date)
        /// Calls pass, and show whether what they reach has recovered.
        case halfOpen
    }

    /// How long a state must be kept: whoever forgets it sooner closes the circuit too early.
    public var ttl: Duration { max(failureWindow, cooldown * 2) }

    /// Whether calls pass in a state.
    public func phase(of state: CircuitState, now: Date) -> Phase {
        guard let openedAt = state.openedAt else { return .closed }
        let until = openedAt.addingTimeInterval(cooldown / .seconds(1))
        return now < until ? .open(until: until) : .halfOpen
    }

    /// The state after a call that failed.
    ///
    /// A failure of a half-open circuit opens it for another cooldown. One that comes while it is open, from a call that began before,
    /// changes nothing: the cooldown does not grow.
    public func failed(_ state: CircuitState, now: Date) -> CircuitState {
        switch phase(of: state, now: now) {
        case .open: return state
        case .halfOpen: return CircuitState(openedAt: now)
        case .closed:
            let begin = now.addingTimeInterval(-(failureWindow / .seconds(1)))
            let failures = (state.failures.filter { $0 > begin } + [now]).suffix(failuresMax)
            return failures.count < failuresMax ? CircuitState(failures: Array(failures)) : CircuitState(openedAt: now)
        }
    }

    /// The state after a call that went well.
    ///
    /// In a closed circuit it changes nothing: failures count by their time, whatever goes well between them.
    public func succeeded(_ state: CircuitState, now: Date) -> CircuitState {
        guard phase(of: state, now: now) == .halfOpen else { return state }
        var state = state
        state.successes += 1
        return state.successes < successesToClose ? state : .closed
    }
}
