package import PostriderCore

/// Cancels messages: removes what waits, marks what is under way (decision 22).
package struct Canceller: Sendable {
    private let store: any MessageStore
    private let scheduler: Scheduler
    private let keys: KeyGenerator
    private let clock: any BrokerClock

    private static let stepMax = 500
    private static let patienceMilliseconds: Int64 = 60_000

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
            return results
        } catch {
            for key in messages where !open.contains(key) { scheduler.release(key, isRemoved: false) }
            throw error
        }
    }

    /// Cancels every message of an account that waits now, in steps.
    ///
    /// - Returns: How many were cancelled or marked.
    /// - Throws: `overloaded` when a minute did not suffice; what was cancelled stays cancelled, and calling again goes on.
    package func cancelAll(account: Account) async throws -> Int {
        let started = clock.now
        let highest = keys.next()
        var position: PendingPosition?
        var count = 0
        while true {
            let entries = try await store.pending(in: .all, fence: .exclusive, after: position, limit: Self.stepMax)
            let messages = entries.filter { $0.lane.account == account && $0.key < highest }.map(\.key)
            if !messages.isEmpty {
                let results = try await cancel(messages, account: account)
                count += results.filter { $0 != .notFound }.count
            }
            guard entries.count == Self.stepMax else { return count }
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
