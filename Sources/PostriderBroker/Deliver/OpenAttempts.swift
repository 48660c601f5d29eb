import PostriderCore
import Synchronization

/// The attempts under way, for readers of the log: they are stored only when they end.
package final class OpenAttempts: Sendable {
    private let attempts = Mutex<[MessageKey: (message: Message, startedAt: Timestamp)]>([:])

    package init() {}

    func begin(_ message: Message, at moment: Timestamp) {
        attempts.withLock { $0[message.key] = (message, moment) }
    }

    func end(_ key: MessageKey) {
        attempts.withLock { _ = $0.removeValue(forKey: key) }
    }

    /// `ACTIVE` entries of an account, the latest first.
    func events(_ filter: EventFilter) -> [Event] {
        let open = attempts.withLock { attempts in
            attempts.values.filter { open in
                open.message.account == filter.account && (filter.messages?.contains(open.message.key) ?? true)
            }
        }
        return
            open
            .sorted { ($0.startedAt, $0.message.key) > ($1.startedAt, $1.message.key) }
            .map { open in
                Event(
                    time: open.startedAt,
                    state: .active,
                    message: open.message,
                    attempt: nil,
                    position: EventPosition(row: open.message.key, index: 0)
                )
            }
    }
}
