/// Decides when writes are taken together; a value, so that it can be tried without a disk.
struct WaitingRoom {
    /// What is to be done after a write came in.
    enum Arrival {
        /// The drain under way will take it.
        case wait
        /// It completes the company the drain waits for.
        case ring
        /// No drain is under way: begin one.
        case drain
        /// The store is closed.
        case refuse
    }

    private let settings: SQLiteSettings
    private var writes: [QueuedWrite] = []
    private var isDraining = false
    private var isClosed = false
    /// Writes taken together the last time: above one, others are about, and waiting for them pays.
    private var lastCount = 0
    /// The number of writes at which the bell rings; nil when nobody listens.
    private var bellCount: Int?

    init(settings: SQLiteSettings) {
        self.settings = settings
    }

    mutating func enter(_ write: QueuedWrite) -> Arrival {
        guard !isClosed else { return .refuse }
        writes.append(write)
        guard isDraining else {
            isDraining = true
            return .drain
        }
        guard let bellCount, writes.count >= bellCount else { return .wait }
        self.bellCount = nil
        return .ring
    }

    /// Whether the drain should wait until the bell rings, at most for the set time.
    mutating func wantsCompany() -> Bool {
        let expected = min(lastCount, settings.groupCommitCompanyMax)
        guard settings.groupCommitWaitMicroseconds > 0, !isClosed, lastCount > 1, !writes.isEmpty,
            writes.count < expected
        else { return false }
        bellCount = expected
        return true
    }

    /// Whether the bell was rung all the same after waiting in vain; nobody listens any more.
    mutating func isBellRung() -> Bool {
        defer { bellCount = nil }
        return bellCount == nil
    }

    /// The writes of the next transaction, at least one if any waits; none ends the drain.
    mutating func take() -> [QueuedWrite] {
        var count = 0
        var byteCount = 0
        for write in writes {
            byteCount += write.byteCount
            guard count == 0 || (count < settings.writesPerCommitMax && byteCount <= settings.bytesPerCommitMax) else {
                break
            }
            count += 1
        }
        isDraining = count > 0
        // A drain that ends says nothing about who is about: the ones just answered may be back in a moment.
        if count > 0 { lastCount = count }
        guard count < writes.count else {
            defer { writes = [] }
            return writes
        }
        defer { writes.removeFirst(count) }
        return Array(writes[..<count])
    }

    /// Lets nobody in any more; false when that was so already.
    mutating func close() -> Bool {
        defer { isClosed = true }
        return !isClosed
    }
}
