import DequeModule

/// The lanes that have work in memory, each with its line and its open attempts.
///
/// A lane without work is evicted, so that memory follows the work and not the number of keys ever seen (decision 25).
struct LaneTable {
    /// A message that could start now.
    struct Waiting {
        let key: MessageKey
        let due: Timestamp
        let retried: Int
        /// The message while the window holds it.
        let message: Message?
        let windowBytes: Int
    }

    /// One lane.
    struct State {
        let lane: Lane
        var line = Deque<Waiting>()
        var openCount = 0
        /// Entries of this lane in the horizon: they name the lane by its slot.
        var horizonCount = 0
        /// The lowest position that was left to the store because the line was full; nil when the line is complete.
        var leftFrom: PendingPosition?
        /// The highest position that was left to the store: reading on beyond it finds nothing that was left.
        var leftUpTo: PendingPosition?
        var isLoading = false
        /// The lowest position left to the store while a read was under way, which may have missed it.
        var leftWhileLoading: PendingPosition?
        /// True while the lane is queued for its turn.
        var isReady = false

        var isIdle: Bool {
            line.isEmpty && openCount == 0 && horizonCount == 0 && leftFrom == nil && !isLoading && !isReady
        }
    }

    private var slots: [State] = []
    private var freeSlots: [Int] = []
    private var slotByLane: [Lane: Int] = [:]

    /// Lanes in memory.
    var count: Int { slotByLane.count }

    /// The lane's slot, made if the lane is new.
    mutating func slot(of lane: Lane) -> Int {
        if let slot = slotByLane[lane] { return slot }
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = free
            slots[slot] = State(lane: lane)
        } else {
            slot = slots.count
            slots.append(State(lane: lane))
        }
        slotByLane[lane] = slot
        return slot
    }

    /// The lane's slot; nil when the lane has no work in memory.
    func existingSlot(of lane: Lane) -> Int? { slotByLane[lane] }

    /// The lane of a slot in use.
    func lane(at slot: Int) -> Lane { slots[slot].lane }

    /// Reads or changes a lane in place, and evicts it when that left it idle.
    mutating func update<Result>(_ slot: Int, _ body: (inout State) -> Result) -> Result {
        let result = body(&slots[slot])
        if slots[slot].isIdle, slotByLane[slots[slot].lane] == slot {
            slotByLane[slots[slot].lane] = nil
            // The line's storage goes too: a burst must not leave its memory behind.
            slots[slot].line = Deque()
            freeSlots.append(slot)
        }
        return result
    }
}
