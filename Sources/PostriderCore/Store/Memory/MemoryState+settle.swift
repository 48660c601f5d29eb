extension MemoryState {
    mutating func settle(_ settlement: Settlement) throws(StoreError) -> SettleResult {
        let attempt = settlement.attempt
        if let stored = attempts[attempt.key] {
            // The answer to this very settlement was lost: it stands as it was resolved then.
            guard stored.message == attempt.message, stored.account == attempt.account else { return .gone }
            return .settled(settlement.resolved(isCancelRequested: stored.verdict == .canceled))
        }
        guard let place = waiting[attempt.message], messages[attempt.message]?.account == attempt.account else {
            return .gone
        }
        let resolved = settlement.resolved(isCancelRequested: place.isCancelRequested)
        try requireFresh(resolved.newMessages)
        store(resolved, entry: place.entry)
        return .settled(resolved)
    }

    private mutating func store(_ settlement: Settlement, entry: PendingEntry) {
        let attempt = settlement.attempt
        stopWaiting(attempt.message)
        if attempt.verdict == .retry {
            let due = settlement.requiredNextDue
            wait(PendingEntry(key: entry.key, due: due, retried: attempt.retried + 1, lane: entry.lane))
        }
        attempts[attempt.key] = attempt
        note(.attempt, key: attempt.key, message: attempt.message, account: attempt.account)
        if let id = settlement.deadLetter {
            deadLetters[attempt.account, default: SortedArray()].insert(id)
            lastAttempts[id] = attempt.key
        }
        for message in settlement.newMessages { insert(message) }
    }

    mutating func cancel(_ cancellations: [Cancellation], account: Account) -> [CancelResult] {
        cancellations.map { cancellation in
            let key = cancellation.message
            guard let place = waiting[key], messages[key]?.account == account else { return .notFound }
            if cancellation.isOpen, place.isCancelRequested { return .requested }
            let kind = LogMark.Kind.cancellation(at: cancellation.at, isRemoved: !cancellation.isOpen)
            note(kind, key: cancellation.key, message: key, account: account)
            guard cancellation.isOpen else {
                stopWaiting(key)
                return .removed
            }
            waiting[key]?.isCancelRequested = true
            return .requested
        }
    }
}
