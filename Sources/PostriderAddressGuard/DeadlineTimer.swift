import Dispatch

/// Calls back after a while, as a seam for tests.
package protocol DeadlineTimer: Sendable {
    /// Runs the body once, on any thread, no earlier than after this many milliseconds.
    func schedule(afterMilliseconds milliseconds: Int64, _ body: @escaping @Sendable () -> Void)
}

/// Timers of the system's dispatch queues.
package struct DispatchDeadlineTimer: DeadlineTimer {
    package init() {}

    package func schedule(afterMilliseconds milliseconds: Int64, _ body: @escaping @Sendable () -> Void) {
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Int(milliseconds)), execute: body)
    }
}
