import Synchronization

/// Signing keys that can rotate.
final class KeyRing: Sendable {
    private let isRotated = Mutex(false)

    var pair: (current: String?, next: String?) {
        isRotated.withLock { isRotated in
            isRotated
                ? (JobBench.nextKey, "sig_a_key_that_is_quite_new") : (JobBench.currentKey, JobBench.nextKey)
        }
    }

    func rotate() { isRotated.withLock { $0 = true } }
}
