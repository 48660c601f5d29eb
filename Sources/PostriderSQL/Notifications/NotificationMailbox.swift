import Synchronization

/// What waits for one reader.
final class NotificationMailbox: Sendable {
    private let waiting = Mutex<ArraySlice<SQLNotification>>([])
    private let countMax: Int

    init(countMax: Int) {
        self.countMax = countMax
    }

    /// Puts a notification in; when there are too many, one that says so replaces them all.
    func put(_ notification: SQLNotification) {
        waiting.withLock { waiting in
            if waiting.count >= countMax {
                waiting = [.mayHaveMissed]
            } else if notification != .mayHaveMissed || waiting.last != .mayHaveMissed {
                waiting.append(notification)
            }
        }
    }

    func take() -> SQLNotification? {
        waiting.withLock { $0.popFirst() }
    }
}
