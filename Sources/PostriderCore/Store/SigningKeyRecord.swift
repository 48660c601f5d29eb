/// An account's signing keys as they are stored.
package struct SigningKeyRecord: Hashable, Sendable {
    /// A pair of keys: deliveries are signed with `current`; receivers accept both.
    package struct Pair: Hashable, Sendable {
        package var current: String
        package var next: String

        package init(current: String, next: String) {
            self.current = current
            self.next = next
        }
    }

    package var pair: Pair
    /// The pair the environment gave when the stored pair was last taken from it; nil when it gave none.
    package var seed: Pair?

    package init(pair: Pair, seed: Pair?) {
        self.pair = pair
        self.seed = seed
    }

    /// What is in force after a start: the environment's pair replaces the stored one only when it has changed (decision 3).
    ///
    /// - Parameters:
    ///   - seed: The environment's pair; nil when it gives none, which leaves the stored pair in force.
    ///   - fresh: The pair used when neither is there.
    package static func seeded(_ stored: SigningKeyRecord?, seed: Pair?, fresh: Pair) -> SigningKeyRecord {
        guard let stored else { return SigningKeyRecord(pair: seed ?? fresh, seed: seed) }
        guard let seed, seed != stored.seed else { return stored }
        return SigningKeyRecord(pair: seed, seed: seed)
    }

    /// The record after a rotation: `current` is the old `next`, `next` is new; the seed is remembered.
    package func rotated(next: String) -> SigningKeyRecord {
        SigningKeyRecord(pair: Pair(current: pair.next, next: next), seed: seed)
    }
}
