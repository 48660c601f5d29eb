/// Numbers that stand for texts, remembered up to a bound.
///
/// When it is full it begins anew: what is in use comes back with one look-up each.
struct InternCache<Key: Hashable, Value> {
    private var values: [Key: Value] = [:]
    private let countMax: Int

    init(countMax: Int) {
        self.countMax = countMax
    }

    subscript(key: Key) -> Value? { values[key] }

    mutating func remember(_ value: Value, for key: Key) {
        if values.count >= countMax { values.removeAll(keepingCapacity: true) }
        values[key] = value
    }

    mutating func forgetAll() {
        values.removeAll(keepingCapacity: true)
    }
}
