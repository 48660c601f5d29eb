import PostriderCore
import Synchronization

/// The attempts under way, for readers of the log: they are stored only when they end.
package final class OpenAttempts: Sendable {
    private struct Attempt {
        let message: Message
        let startedAt: Timestamp
        /// The attempt's place in the log while it is under way.
        let key: MessageKey
    }

    private let attempts = Mutex<[MessageKey: Attempt]>([:])

    package init() {}

    func begin(_ message: Message, at moment: Timestamp, key: MessageKey) {
        attempts.withLock { $0[message.key] = Attempt(message: message, startedAt: moment, key: key) }
    }

    func end(_ key: MessageKey) {
        attempts.withLock { _ = $0.removeValue(forKey: key) }
    }

    /// `ACTIVE` entries that a filter admits, in its order.
    func events(_ filter: EventFilter) -> [Event] {
        let open = attempts.withLock { attempts in
            attempts.values.filter { open in
                open.message.account == filter.account && (filter.messages?.contains(open.message.key) ?? true)
            }
        }
        let events = open.map { open in
            Event(
                time: open.startedAt,
                state: .active,
                message: open.message,
                attempt: nil,
                position: EventPosition(row: open.key, index: 0)
            )
        }
        return events.filter(filter.admits).sorted { left, right in
            filter.isLatestFirst ? left.position > right.position : left.position < right.position
        }
    }
}
