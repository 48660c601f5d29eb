import PostriderCore
import Synchronization

/// No chance at all: 1, 2, 3 and so on, for tests that want to read what they expect.
package final class SequentialRandom: RandomSource {
    private let last: Mutex<UInt64>

    /// - Parameter last: The number before the first one given out.
    package init(after last: UInt64 = 0) {
        self.last = Mutex(last)
    }

    /// The next number.
    package func next() -> UInt64 {
        last.withLock { last in
            last &+= 1
            return last
        }
    }
}
