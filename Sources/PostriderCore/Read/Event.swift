/// One entry of the event log, derived from a row when it is read.
package struct Event: Sendable {
    /// The states of an entry, spelled as on the wire.
    package enum State: String, Sendable, CaseIterable {
        case created = "CREATED"
        case active = "ACTIVE"
        case delivered = "DELIVERED"
        case error = "ERROR"
        case retry = "RETRY"
        case failed = "FAILED"
        case cancelRequested = "CANCEL_REQUESTED"
        case canceled = "CANCELED"
    }

    package var time: Timestamp
    package var state: State
    package var message: Message
    /// The attempt the entry belongs to; nil for `created` and for a cancel without attempt.
    package var attempt: Attempt?
    package var position: EventPosition

    package init(time: Timestamp, state: State, message: Message, attempt: Attempt?, position: EventPosition) {
        self.time = time
        self.state = state
        self.message = message
        self.attempt = attempt
        self.position = position
    }

    /// The entries a row stands for, in the order in which they happened.
    ///
    /// An attempt is stored when it ends, so its `ACTIVE` stands directly before its result.
    package static func derived(from row: LogRow) -> [Event] {
        func event(_ index: Int, _ time: Timestamp, _ state: State, _ attempt: Attempt? = nil) -> Event {
            Event(
                time: time,
                state: state,
                message: row.message,
                attempt: attempt,
                position: EventPosition(row: row.key, index: index)
            )
        }
        switch row.kind {
        case .created:
            return [event(0, row.message.createdAt, .created)]
        case .attempt(let attempt):
            let started = event(0, attempt.startedAt, .active)
            let ended = attempt.endedAt
            switch attempt.verdict {
            case .delivered: return [started, event(1, ended, .delivered, attempt)]
            case .retry: return [started, event(1, ended, .error, attempt), event(2, ended, .retry, attempt)]
            case .failed: return [started, event(1, ended, .error, attempt), event(2, ended, .failed, attempt)]
            case .canceled: return [started, event(1, ended, .error, attempt), event(2, ended, .canceled, attempt)]
            }
        case .cancellation(let at, let isRemoved):
            let requested = event(0, at, .cancelRequested)
            return isRemoved ? [requested, event(1, at, .canceled)] : [requested]
        }
    }
}

/// Where an entry stands in the log.
package struct EventPosition: Hashable, Comparable, Sendable {
    package var row: MessageKey
    /// Which of the row's entries; at most ``indexMax``.
    package var index: Int

    /// The highest index a row's entries have.
    package static let indexMax = 2

    package init(row: MessageKey, index: Int) {
        self.row = row
        self.index = index
    }

    package static func < (left: EventPosition, right: EventPosition) -> Bool {
        (left.row, left.index) < (right.row, right.index)
    }
}
