import DequeModule

/// The latest messages of some kind, up to a bound: for what may be heard of them a moment too late.
struct RecentKeys {
    private static let countMax = 65_536

    private var keys: Set<MessageKey> = []
    private var order = Deque<MessageKey>()

    func contains(_ key: MessageKey) -> Bool { keys.contains(key) }

    /// Remembers a message; the one remembered longest is forgotten when there are too many.
    mutating func insert(_ key: MessageKey) {
        guard keys.insert(key).inserted else { return }
        order.append(key)
        if order.count > Self.countMax, let oldest = order.popFirst() { keys.remove(oldest) }
    }
}
