package import PostriderCore
import Synchronization

/// The death of a simulated process: thrown once, it never comes back.
///
/// Every wrapped part asks before it touches anything and again before it answers, so that nothing the dead process still
/// runs has an effect, and no answer reaches it. The next process gets a new switch and the same store.
package final class CrashSwitch: Sendable {
    private let thrown = Atomic(false)

    package init() {}

    /// Whether the process is dead.
    package var isThrown: Bool { thrown.load(ordering: .sequentiallyConsistent) }

    /// Kills the process; a second time changes nothing.
    package func crash() {
        thrown.store(true, ordering: .sequentiallyConsistent)
    }

    /// Goes on only while the process lives.
    ///
    /// - Throws: ``StoreError`` with code `closed` once it is dead.
    package func check() throws(StoreError) {
        if isThrown { throw StoreError(.closed, detail: "the simulated process is dead") }
    }
}
