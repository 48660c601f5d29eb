import Synchronization

/// Tells those who watch a job in this process that its record has changed.
///
/// A hint without content: whoever is told reads the record. Several changes before somebody looks are one hint, so that nothing piles up
/// and the last change is never missed.
final class JobRecordHub: Sendable {
    private struct State {
        var signals: [String: [ObjectIdentifier: ChangeSignal]] = [:]
        var count = 0
        var countByUser: [String: Int] = [:]
    }

    private let state = Mutex(State())

    /// How many watch.
    var watcherCount: Int { state.withLock { $0.count } }

    /// How many watch for one user.
    func watcherCount(of userID: String) -> Int { state.withLock { $0.countByUser[userID] ?? 0 } }

    /// How many request ids are watched.
    var watchedCount: Int { state.withLock { $0.signals.count } }

    /// Watches one record, until the watcher is let go.
    ///
    /// - Parameters:
    ///   - userID: For whom; nil for nobody in particular.
    ///   - watchersMax: How many may watch at a time, whatever record.
    ///   - userWatchersMax: How many of them for one user.
    /// - Returns: Nil when there are too many already.
    func watcher(
        of requestID: String,
        for userID: String? = nil,
        watchersMax: Int,
        userWatchersMax: Int = .max
    ) -> JobRecordWatcher? {
        let signal = ChangeSignal()
        let isAdmitted = state.withLock { state in
            guard state.count < watchersMax else { return false }
            if let userID {
                guard state.countByUser[userID, default: 0] < userWatchersMax else { return false }
                state.countByUser[userID, default: 0] += 1
            }
            state.count += 1
            state.signals[requestID, default: [:]][ObjectIdentifier(signal)] = signal
            return true
        }
        return isAdmitted ? JobRecordWatcher(requestID: requestID, userID: userID, signal: signal, hub: self) : nil
    }

    /// Says that a record has changed.
    func tell(_ requestID: String) {
        let signals = state.withLock { $0.signals[requestID] }
        for signal in (signals ?? [:]).values { signal.raise() }
    }

    fileprivate func remove(_ signal: ChangeSignal, of requestID: String, for userID: String?) {
        state.withLock { state in
            guard state.signals[requestID]?.removeValue(forKey: ObjectIdentifier(signal)) != nil else { return }
            state.count -= 1
            if let userID, let count = state.countByUser[userID] {
                state.countByUser[userID] = count > 1 ? count - 1 : nil
            }
            if state.signals[requestID]?.isEmpty == true { state.signals[requestID] = nil }
        }
    }
}

/// One who watches a record; letting it go ends the watch.
final class JobRecordWatcher: Sendable {
    let requestID: String
    private let userID: String?
    private let signal: ChangeSignal
    private let hub: JobRecordHub

    fileprivate init(requestID: String, userID: String?, signal: ChangeSignal, hub: JobRecordHub) {
        self.requestID = requestID
        self.userID = userID
        self.signal = signal
        self.hub = hub
    }

    deinit { hub.remove(signal, of: requestID, for: userID) }

    /// Waits until the record has changed since this was last asked, or so long at most; returns early when the task is cancelled.
    func change(within duration: Duration, clock: any JobClock) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.signal.wait() }
            // A sleep that is cancelled has been overtaken by the change, or by the end of all this.
            group.addTask { try? await clock.sleep(for: duration) }
            await group.next()
            group.cancelAll()
        }
    }
}
