package import PostriderCore

/// Cancels messages: removes what waits, marks what is under way (decision 22).
package struct Canceller: Sendable {
    private let store: any MessageStore
    private let scheduler: Scheduler
    private let keys: KeyGenerator
    private let clock: any BrokerClock

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
}
