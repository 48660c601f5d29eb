/// The one source of time: the broker never asks the system.
///
/// Production passes the system's clock, tests and the simulation pass a virtual one.
package protocol BrokerClock: Sendable {
    /// The present wall-clock time. It may jump, forwards and backwards.
    var now: Timestamp { get }

    /// Returns once ``now`` has reached the moment, at once if it has passed.
    ///
    /// - Throws: `CancellationError` when the calling task is cancelled; nothing else.
    func sleep(until moment: Timestamp) async throws
}
