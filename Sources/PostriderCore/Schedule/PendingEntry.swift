/// A place in the order of waiting work: due time, then key.
package struct PendingPosition: Hashable, Comparable, Sendable {
    package let due: Timestamp
    package let key: MessageKey

    package init(due: Timestamp, key: MessageKey) {
        self.due = due
        self.key = key
    }

    /// The lowest position above this one.
    package var next: PendingPosition {
        PendingPosition(due: due, key: MessageKey(rawValue: key.rawValue + 1))
    }

    package static func < (left: PendingPosition, right: PendingPosition) -> Bool {
        (left.due, left.key) < (right.due, right.key)
    }
}

/// What the scheduler needs to know of a message that waits; the message itself stays in the store.
package struct PendingEntry: Hashable, Sendable {
    package let key: MessageKey
    /// When the next attempt may start.
    package let due: Timestamp
    /// Attempts already settled: the number the destination reads in `Upstash-Retried`.
    package let retried: Int
    package let lane: Lane

    package init(key: MessageKey, due: Timestamp, retried: Int, lane: Lane) {
        self.key = key
        self.due = due
        self.retried = retried
        self.lane = lane
    }

    package var position: PendingPosition { PendingPosition(due: due, key: key) }
}
