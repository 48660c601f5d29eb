import PostriderCore
import Synchronization

/// Chance from a seed: the same seed gives the same numbers, so that a run can be repeated.
///
/// SplitMix64. Calls from one simulated executor come in one order; calls from real threads at once do not.
package final class SeededRandom: RandomSource {
    /// The seed, for the message of a test that fails.
    package let seed: UInt64
    private let state: Mutex<UInt64>

    package init(seed: UInt64) {
        self.seed = seed
        self.state = Mutex(seed)
    }

    /// The next 64 bits.
    package func next() -> UInt64 {
        let word = state.withLock { state in
            state &+= 0x9e37_79b9_7f4a_7c15
            return state
        }
        let first = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        let second = (first ^ (first >> 27)) &* 0x94d0_49bb_1331_11eb
        return second ^ (second >> 31)
    }
}
