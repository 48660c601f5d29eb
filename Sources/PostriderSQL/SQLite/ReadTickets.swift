/// The reads of one connection, each with a number of its own; a value, so that it can be tried without a database.
struct ReadTickets {
    private var lastID = 0
    /// Reads that have not begun, and that nobody has cancelled.
    private var waiting: Set<Int> = []
    /// The read under way.
    private var current: Int?

    mutating func draw() -> Int {
        lastID += 1
        waiting.insert(lastID)
        return lastID
    }

    /// Begins a read; false when it was cancelled before.
    ///
    /// Reads may begin in another order than they were drawn.
    mutating func begin(_ id: Int) -> Bool {
        guard waiting.remove(id) != nil else { return false }
        current = id
        return true
    }

    mutating func end() { current = nil }

    /// Cancels a read; true when it is under way and has to be interrupted.
    mutating func cancel(_ id: Int) -> Bool {
        waiting.remove(id)
        return current == id
    }
}
