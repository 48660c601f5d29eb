import Foundation

/// Runs blocking work apart from every executor and event loop, as a seam for tests.
package protocol LookupThreads: Sendable {
    /// Starts the work soon, on a thread where blocking hurts nobody else.
    func start(_ work: @escaping @Sendable () -> Void)
}

/// A fresh thread for each piece of work.
///
/// A lookup costs far more than a thread, and ``HostResolver`` never has more of them than it is allowed; so there is no
/// pool to keep, and a thread that hangs in the system's resolver is simply one fewer.
package struct DetachedLookupThreads: LookupThreads {
    package init() {}

    package func start(_ work: @escaping @Sendable () -> Void) {
        Thread.detachNewThread {
            Thread.current.name = "host-lookup"
            work()
        }
    }
}
