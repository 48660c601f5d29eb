/// Which entries of the log are wanted.
package struct EventFilter: Hashable, Sendable {
    package var account: Account
    /// Entries of these messages only; nil means of all.
    ///
    /// Ids that are not of this store are left out by the caller.
    package var messages: [MessageKey]?
    /// Entries in these states only; nil means all.
    package var states: Set<Event.State>?
    package var isLatestFirst: Bool

    package init(account: Account, messages: [MessageKey]?, states: Set<Event.State>?, isLatestFirst: Bool) {
        self.account = account
        self.messages = messages
        self.states = states
        self.isLatestFirst = isLatestFirst
    }

    /// The states a filter word stands for; nil for an unknown word.
    ///
    /// `IN_PROGRESS` is a word for three.
    package static func states(named word: String) -> Set<Event.State>? {
        switch word {
        case "IN_PROGRESS": [.active, .retry, .error]
        case "CANCELLED": [.canceled]
        default: Event.State(rawValue: word).map { [$0] }
        }
    }

    /// Whether an entry is wanted, apart from its account and message, which the store has compared.
    package func admits(_ event: Event) -> Bool { states?.contains(event.state) ?? true }

    /// The kinds of rows that can hold wanted entries.
    package var streams: Set<LogQuery.Stream> {
        guard let states else { return Set(LogQuery.Stream.allCases) }
        var streams: Set<LogQuery.Stream> = []
        if states.contains(.created) { streams.insert(.created) }
        if !states.isDisjoint(with: [.active, .delivered, .error, .retry, .failed, .canceled]) {
            streams.insert(.attempt)
        }
        if !states.isDisjoint(with: [.cancelRequested, .canceled]) { streams.insert(.cancellation) }
        return streams
    }

    /// The verdicts whose attempts can hold wanted entries; nil means all.
    package var verdicts: Set<Attempt.Verdict>? {
        guard let states, !states.contains(.active) else { return nil }
        var verdicts: Set<Attempt.Verdict> = []
        if states.contains(.delivered) { verdicts.insert(.delivered) }
        if states.contains(.error) { verdicts.formUnion([.retry, .failed, .canceled]) }
        if states.contains(.retry) { verdicts.insert(.retry) }
        if states.contains(.failed) { verdicts.insert(.failed) }
        if states.contains(.canceled) { verdicts.insert(.canceled) }
        return verdicts
    }

    /// A number that tells this filter from others, for cursors: the same over restarts.
    package var fingerprint: UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ text: String) {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            hash = (hash ^ 0xff) &* 0x0000_0100_0000_01b3
        }
        mix(account.name)
        mix(isLatestFirst ? "latest" : "earliest")
        mix(messages.map { $0.map { String($0.rawValue) }.joined(separator: ",") } ?? "all")
        mix(states.map { $0.map(\.rawValue).sorted().joined(separator: ",") } ?? "all")
        return hash
    }
}
