import Dispatch

/// Wakes the drain before its time is up, when nobody else is expected.
struct CompanyBell: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func ring() {
        semaphore.signal()
    }

    /// Waits for the bell at most this long; false when it did not ring.
    func wait(microseconds: Int) -> Bool {
        semaphore.wait(timeout: .now() + .microseconds(microseconds)) == .success
    }

    /// Waits for a bell that is about to ring.
    func wait() {
        semaphore.wait()
    }
}
