import Synchronization

/// Makes keys that only ever rise, also over restarts and over a clock that was set back.
package final class KeyGenerator: Sendable {
    private let clock: any BrokerClock
    private let node: Int64
    private let last: Mutex<MessageKey>

    /// - Parameter highest: The highest key stored; every key made is above it. Nil for an empty store.
    package init(clock: any BrokerClock, node: Int64, highest: MessageKey?) {
        self.clock = clock
        self.node = node
        self.last = Mutex(highest ?? MessageKey(rawValue: 0))
    }

    /// The next key, above all before.
    package func next() -> MessageKey {
        let now = clock.now
        return last.withLock { last in
            last = Self.successor(of: last, now: now, node: node)
            return last
        }
    }

    /// The key that follows: at the present millisecond when that is later, else one counter on.
    ///
    /// When the 4,096 keys of a millisecond are used up, or the clock was set back, keys run ahead of the clock.
    static func successor(of last: MessageKey, now: Timestamp, node: Int64) -> MessageKey {
        let fresh = MessageKey(at: now, node: node, counter: 0)
        guard fresh <= last else { return fresh }
        let counter = last.rawValue & MessageKey.counterMax
        let isSameNode = (last.rawValue >> 12) & MessageKey.nodeMax == node
        if isSameNode, counter < MessageKey.counterMax {
            return MessageKey(rawValue: last.rawValue + 1)
        }
        return MessageKey(at: last.moment.adding(milliseconds: 1), node: node, counter: 0)
    }
}
