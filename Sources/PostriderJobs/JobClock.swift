#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The time that jobs run by: what the clock shows, and waiting.
///
/// Everything in this module takes its time from here, so that a test decides when a lock runs out.
public protocol JobClock: Sendable {
    /// The time of day.
    var now: Date { get }

    /// Waits; returns early with `CancellationError` when the task is cancelled.
    func sleep(for duration: Duration) async throws
}

/// What a wait is for, for clocks of tests that must know whether work waits or only what watches over it.
package enum JobClockUse {
    /// True in waits beside the work, such as those of the renewal of a lock: nothing is held up by them.
    @TaskLocal package static var isBeside = false

    /// True in waits that only bound something that is under way, such as a renewal that has no answer: they say nothing about who is idle.
    @TaskLocal package static var isBound = false
}
