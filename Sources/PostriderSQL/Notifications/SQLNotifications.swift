#if Postgres
import PostriderPostgres
#endif

/// Notifications of one channel, for one reader, without end until the database is closed.
///
/// They are received from the call that made this on, and no longer when it is dropped.
public struct SQLNotifications: AsyncSequence, Sendable {
    /// A notification.
    public typealias Element = SQLNotification
    /// Reading does not fail.
    public typealias Failure = Never

    enum Source: Sendable {
        /// Those of this process; the bell rings when there is something in the mailbox.
        case process(NotificationMailbox, bell: AsyncStream<Void>)
        #if Postgres
        case server(AsyncStream<PostgresListener.Event>)
        #endif
    }

    let source: Source

    /// Reads the notifications; a second iterator would share them.
    public func makeAsyncIterator() -> Iterator {
        switch source {
        case .process(let mailbox, let bell): Iterator(source: .process(mailbox, bell: bell.makeAsyncIterator()))
        #if Postgres
        case .server(let events): Iterator(source: .server(events.makeAsyncIterator()))
        #endif
        }
    }

    /// Reads the notifications.
    public struct Iterator: AsyncIteratorProtocol {
        enum Source {
            case process(NotificationMailbox, bell: AsyncStream<Void>.Iterator)
            #if Postgres
            case server(AsyncStream<PostgresListener.Event>.Iterator)
            #endif
        }

        var source: Source

        /// The next notification; nil when the database was closed or the task cancelled.
        public mutating func next() async -> SQLNotification? {
            await next(isolation: #isolation)
        }

        /// The next notification; nil when the database was closed or the task cancelled.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> SQLNotification? {
            switch source {
            case .process(let mailbox, var bell):
                while true {
                    if let notification = mailbox.take() { return notification }
                    let isRung = await bell.next(isolation: actor) != nil
                    guard isRung else { return nil }
                }
            #if Postgres
            case .server(var events):
                switch await events.next(isolation: actor) {
                case .notification(let notification)?: return .payload(notification.payload)
                case .mayHaveMissed?: return .mayHaveMissed
                case nil: return nil
                }
            #endif
            }
        }
    }
}
