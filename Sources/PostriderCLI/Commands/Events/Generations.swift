/// A dictionary of bounded size that forgets what was set or used longest ago.
///
/// Keys live in two generations: when the young one is full it becomes the old one, and what was old is forgotten. So between one and
/// two times the limit are kept, in constant time for every use.
struct Generations<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let limit: Int
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]

    /// - Parameter limit: How many keys are kept at least, once there are so many.
    init(limit: Int) {
        precondition(limit > 0, "limit is \(limit)")
        self.limit = limit
    }

    /// How many keys are kept at present.
    var count: Int { young.count + old.count }

    /// The value of a key, which counts as used; nil when it is unknown or forgotten.
    mutating func use(_ key: Key) -> Value? {
        if let value = young[key] { return value }
        guard let value = old.removeValue(forKey: key) else { return nil }
        set(key, to: value)
        return value
    }

    /// Sets the value of a key.
    mutating func set(_ key: Key, to value: Value) {
        if young[key] == nil {
            if young.count >= limit {
                old = young
                young = [:]
            }
            old.removeValue(forKey: key)
        }
        young[key] = value
    }

    /// Forgets a key.
    mutating func remove(_ key: Key) {
        young.removeValue(forKey: key)
        old.removeValue(forKey: key)
    }
}
