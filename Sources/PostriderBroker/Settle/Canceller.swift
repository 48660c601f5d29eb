package import PostriderCore

/// Cancels messages: removes what waits, marks what is under way (decision 22).
package struct Canceller: Sendable {
    private let store: any MessageStore
    private let scheduler: Scheduler
    private let keys: KeyGenerator
    private let clock: any BrokerClock

    private static let stepMax = 500
    private static let patienceMilliseconds: Int64 = 60_000
    private static let retryMilliseconds: Int64 = 1_000

    package init(store: any MessageStore, scheduler: Scheduler, keys: KeyGenerator, clock: any BrokerClock) {
        self.store = store
        self.scheduler = scheduler
        self.keys = keys
        self.clock = clock
    }

    /// Cancels messages of an account; the results are in the order of the keys.
    ///
    /// The scheduler holds the messages back until the store has answered, so that none starts after its removal.
    package func cancel(_ messages: [MessageKey], account: Account) async throws(StoreError) -> [CancelResult] {
        let open = scheduler.withhold(messages)
        let now = clock.now
        let cancellations = messages.map {
            Cancellation(message: $0, key: keys.next(), at: now, isOpen: open.contains($0))
        }
        do {
            let results = try await store.cancel(cancellations, account: account)
            for (key, result) in zip(messages, results) where !open.contains(key) {
                scheduler.release(key, isRemoved: result == .removed)
            }
            return try await cancelLeftWaiting(messages, results, account: account)
        } catch {
            for key in messages where !open.contains(key) { scheduler.release(key, isRemoved: false) }
            scheduler.rescan(after: error)
            throw error
        }
    }

    /// Ends a message whose claim turned out to be marked: it does not start.
    func finish(_ claim: Claim, account: Account) async {
        let cancellation = Cancellation(message: claim.key, key: keys.next(), at: clock.now, isOpen: false)
        do {
            _ = try await store.cancel([cancellation], account: account)
            scheduler.attemptEnded(claim.key, next: nil, added: [])
        } catch {
            // It stays marked, so it comes here again and still does not start.
            try? await clock.sleep(until: clock.now.adding(milliseconds: Self.retryMilliseconds))
            scheduler.retryClaim(claim)
        }
    }

    /// Removes those that were marked although their attempt had just ended and left them waiting.
    private func cancelLeftWaiting(
        _ messages: [MessageKey],
        _ results: [CancelResult],
        account: Account
    ) async throws(StoreError) -> [CancelResult] {
        let marked = zip(messages, results).filter { $0.1 == .requested }.map(\.0)
        guard !marked.isEmpty else { return results }
        let open = scheduler.withhold(marked)
        let left = marked.filter { !open.contains($0) }
        guard !left.isEmpty else { return results }
        let now = clock.now
        var removed: Set<MessageKey> = []
        defer { for key in left { scheduler.release(key, isRemoved: removed.contains(key)) } }
        let again = try await store.cancel(
            left.map { Cancellation(message: $0, key: keys.next(), at: now, isOpen: false) },
            account: account
        )
        for (key, result) in zip(left, again) where result == .removed { removed.insert(key) }
        return results
    }

    /// Cancels every message of an account that waits now, in steps.
    ///
    /// - Parameter limit: At most so many; nil means all.
    /// - Returns: How many were cancelled or marked.
    /// - Throws: `overloaded` when a minute did not suffice; what was cancelled stays cancelled, and calling again goes on.
    package func cancelAll(account: Account, limit: Int?) async throws -> Int {
        let started = clock.now
        let highest = keys.next()
        var position: PendingPosition?
        var count = 0
        while true {
            let entries = try await store.pending(in: .all, fence: .exclusive, after: position, limit: Self.stepMax)
            let waiting = entries.filter { $0.lane.account == account && $0.key < highest }.map(\.key)
            let messages = Array(waiting.prefix(limit.map { $0 - count } ?? waiting.count))
            if !messages.isEmpty {
                let results = try await cancel(messages, account: account)
                count += results.filter { $0 != .notFound }.count
            }
            guard entries.count == Self.stepMax, count < limit ?? .max else { return count }
            position = entries.last?.position
            guard clock.now < started.adding(milliseconds: Self.patienceMilliseconds) else {
                throw BrokerError(
                    .overloaded,
                    message: "\(count) messages were cancelled within a minute; call again for the rest"
                )
            }
        }
    }
}
