import NIOCore

/// A time at which something must happen, owned by a connection or a dial and queued in a ``DeadlineQueue``.
final class Deadline {
    /// When it is due.
    fileprivate(set) var due: NIODeadline = .distantFuture
    /// When the queue looks at it next: at ``due`` or earlier.
    fileprivate var check: NIODeadline = .distantFuture
    fileprivate var position: Int?
    /// What to do then; set once by the owner, which the closure must not retain.
    var act: () -> Void = {}
}

/// The deadlines of one event loop in a binary heap that forgives postponing.
///
/// Every exchange moves its connection's deadline twice, and nearly always to a later time; a timer of the event loop for
/// each would cost more than the rest of the exchange. Postponing therefore changes the time alone and leaves the heap as
/// it is; the queue puts the entry right when it comes to it.
struct DeadlineQueue {
    private var heap: [Deadline] = []

    /// When the queue wants to be asked next; nil when it is empty.
    var nextCheck: NIODeadline? { heap.first?.check }

    var count: Int { heap.count }

    /// Makes a deadline due at a time, in place of the time it had.
    mutating func set(_ deadline: Deadline, to time: NIODeadline) {
        deadline.due = time
        guard let position = deadline.position else {
            deadline.check = time
            deadline.position = heap.count
            heap.append(deadline)
            siftUp(heap.count - 1)
            return
        }
        if time < deadline.check {
            deadline.check = time
            siftUp(position)
        }
    }

    /// Forgets a deadline; nothing happens when it is not in the queue.
    mutating func remove(_ deadline: Deadline) {
        guard let position = deadline.position else { return }
        deadline.position = nil
        let last = heap.removeLast()
        guard last !== deadline else { return }
        place(last, at: position)
        siftUp(position)
        siftDown(last.position ?? position)
    }

    /// Takes out one deadline that is due; nil when none is left.
    mutating func popDue(now: NIODeadline) -> Deadline? {
        while let first = heap.first, first.check <= now {
            if first.due <= now {
                remove(first)
                return first
            }
            first.check = first.due
            siftDown(0)
        }
        return nil
    }

    private mutating func place(_ deadline: Deadline, at position: Int) {
        heap[position] = deadline
        deadline.position = position
    }

    private mutating func siftUp(_ start: Int) {
        let moving = heap[start]
        var position = start
        while position > 0 {
            let parent = (position - 1) / 2
            guard moving.check < heap[parent].check else { break }
            place(heap[parent], at: position)
            position = parent
        }
        place(moving, at: position)
    }

    private mutating func siftDown(_ start: Int) {
        let moving = heap[start]
        var position = start
        while true {
            var child = 2 * position + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].check < heap[child].check {
                child += 1
            }
            guard heap[child].check < moving.check else { break }
            place(heap[child], at: position)
            position = child
        }
        place(moving, at: position)
    }
}
