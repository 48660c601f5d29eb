/// A message whose attempt is to start now; its slot is taken.
package struct Claim: Sendable {
    package let key: MessageKey
    /// The due time that was claimed: an entry with another due time in the store makes the claim stale.
    package let due: Timestamp
    package let retried: Int
    /// The message when it is still in memory; nil when it has to be read.
    package let message: Message?

    package init(key: MessageKey, due: Timestamp, retried: Int, message: Message?) {
        self.key = key
        self.due = due
        self.retried = retried
        self.message = message
    }
}

/// What the scheduler wants done next.
package struct SchedulerStep: Sendable {
    /// Attempts to start.
    package var claims: [Claim] = []
    /// A page of waiting entries to read, above a position.
    package var horizonLoad: HorizonLoad?
    /// Pages of single lanes to read.
    package var laneLoads: [LaneLoad] = []
    /// When to step again if nothing happens before; nil when there is nothing to wait for.
    package var wakeAt: Timestamp?
    /// True when the scheduler starts nothing any more and nothing is under way.
    package var isDrained = false

    package init() {}
}

/// A read of waiting entries above a position.
package struct HorizonLoad: Hashable, Sendable {
    /// Nil begins with the earliest entry.
    package let after: PendingPosition?
    package let limit: Int
}

/// A read of one lane's waiting entries at or above a position.
package struct LaneLoad: Hashable, Sendable {
    package let lane: Lane
    package let from: PendingPosition
    package let limit: Int
}
