import Synchronization

/// Hands notifications to those in this process who listen.
final class NotificationHub: Sendable {
    private struct Reader {
        let mailbox: NotificationMailbox
        let bell: AsyncStream<Void>.Continuation
    }

    private struct State {
        var readers: [String: [Int: Reader]] = [:]
        var lastID = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let countMax: Int

    /// - Parameter countMax: Notifications that wait for a reader.
    init(countMax: Int) {
        self.countMax = countMax
    }

    /// A reader of a channel from now on; the first it is told is that something may have been before.
    func subscribe(to channel: String) -> SQLNotifications {
        let mailbox = NotificationMailbox(countMax: countMax)
        let (bell, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        mailbox.put(.mayHaveMissed)
        continuation.yield()
        let id: Int? = state.withLock { state in
            guard !state.isClosed else { return nil }
            state.lastID += 1
            state.readers[channel, default: [:]][state.lastID] = Reader(mailbox: mailbox, bell: continuation)
            return state.lastID
        }
        if let id {
            continuation.onTermination = { [weak self] _ in self?.unsubscribe(id, from: channel) }
        } else {
            continuation.finish()
        }
        return SQLNotifications(source: .process(mailbox, bell: bell))
    }

    /// Tells the readers of a channel.
    func deliver(_ notification: SQLNotification, on channel: String) {
        let readers = state.withLock { Array($0.readers[channel, default: [:]].values) }
        tell(readers, notification)
    }

    /// Tells everybody.
    func deliverToAll(_ notification: SQLNotification) {
        let readers = state.withLock { $0.readers.values.flatMap { Array($0.values) } }
        tell(readers, notification)
    }

    /// Ends every sequence, and those to come.
    func close() {
        let readers = state.withLock { state in
            state.isClosed = true
            return state.readers.values.flatMap { Array($0.values) }
        }
        for reader in readers { reader.bell.finish() }
    }

    private func tell(_ readers: [Reader], _ notification: SQLNotification) {
        for reader in readers {
            reader.mailbox.put(notification)
            reader.bell.yield()
        }
    }

    private func unsubscribe(_ id: Int, from channel: String) {
        state.withLock { state in
            state.readers[channel]?[id] = nil
            if state.readers[channel]?.isEmpty == true { state.readers[channel] = nil }
        }
    }
}
