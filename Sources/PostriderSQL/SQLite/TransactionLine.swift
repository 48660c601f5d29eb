/// The transactions that wait; a value, so that it can be tried without a database.
struct TransactionLine {
    /// What is to be done after a transaction came in.
    enum Arrival: Equatable {
        /// The drain under way will take it.
        case wait
        /// No drain is under way: begin one.
        case drain
        /// The database is closed.
        case closed
        /// Too many wait.
        case full
    }

    private var waiting: [QueuedTransaction] = []
    private var lastID = 0
    private var isDraining = false
    private var isClosed = false
    private let countMax: Int
    private let takenMax: Int

    /// - Parameters:
    ///   - countMax: Transactions that may wait.
    ///   - takenMax: Transactions that are taken together.
    init(countMax: Int, takenMax: Int) {
        self.countMax = countMax
        self.takenMax = max(1, takenMax)
    }

    /// Transactions that wait.
    var count: Int { waiting.count }

    mutating func makeID() -> Int {
        lastID += 1
        return lastID
    }

    mutating func enter(_ transaction: QueuedTransaction) -> Arrival {
        guard !isClosed else { return .closed }
        guard waiting.count < countMax else { return .full }
        waiting.append(transaction)
        guard !isDraining else { return .wait }
        isDraining = true
        return .drain
    }

    /// Takes out one that no longer wants to wait; nil when it has been taken, or never came.
    mutating func leave(_ id: Int) -> QueuedTransaction? {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return nil }
        return waiting.remove(at: index)
    }

    /// The next transactions to be committed together; none ends the drain.
    mutating func take() -> [QueuedTransaction] {
        var taken: [QueuedTransaction] = []
        if waiting.count <= takenMax {
            swap(&taken, &waiting)
        } else {
            taken = Array(waiting.prefix(takenMax))
            waiting.removeFirst(taken.count)
        }
        isDraining = !taken.isEmpty
        return taken
    }

    /// Whether more came while the last were committed; if not, the drain ends.
    mutating func goesOn() -> Bool {
        isDraining = !waiting.isEmpty
        return isDraining
    }

    /// Lets nobody in any more; false when that was so already.
    mutating func close() -> Bool {
        defer { isClosed = true }
        return !isClosed
    }
}
