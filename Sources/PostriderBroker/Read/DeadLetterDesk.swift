package import PostriderCore
package import QStashWire

/// Lists, removes and republishes dead letters.
package struct DeadLetterDesk: Sendable {
    private let store: any MessageStore
    private let scheduler: Scheduler
    private let keys: KeyGenerator
    private let clock: any BrokerClock
    private let planner: RedrivePlanner

    /// Entries read or republished at once: their bodies are in memory together.
    private static let stepMax = 8
    /// Bytes of bodies a page may carry before it ends short.
    private static let pageBytesMax = 16 * 1_048_576

    package init(
        store: any MessageStore,
        scheduler: Scheduler,
        keys: KeyGenerator,
        clock: any BrokerClock,
        planner: RedrivePlanner
    ) {
        self.store = store
        self.scheduler = scheduler
        self.keys = keys
        self.clock = clock
        self.planner = planner
    }

    /// A page of entries, and the last one's id when more may follow.
    package struct Page: Sendable {
        package var deadLetters: [DeadLetter]
        package var next: DeadLetterID?

        package init(deadLetters: [DeadLetter], next: DeadLetterID?) {
            self.deadLetters = deadLetters
            self.next = next
        }
    }

    /// Reads a page; `query.limit` is the page's size, and large bodies end it short, with a cursor.
    package func page(_ query: DeadLetterQuery) async throws(StoreError) -> Page {
        var found: [DeadLetter] = []
        var bytes = 0
        var step = query
        while true {
            step.limit = min(Self.stepMax, query.limit + 1 - found.count)
            let letters = try await store.deadLetters(step)
            for letter in letters {
                guard found.count < query.limit, bytes < Self.pageBytesMax else {
                    return Page(deadLetters: found, next: found.last?.id)
                }
                found.append(letter)
                bytes += letter.message.bodyByteCount + letter.attempt.responseBody.count
            }
            guard letters.count == step.limit, let last = letters.last else {
                return Page(deadLetters: found, next: nil)
            }
            step.after = last.id
        }
    }

    /// One entry; nil when unknown, of another account, or gone.
    package func deadLetter(_ id: DeadLetterID, account: Account) async throws(StoreError) -> DeadLetter? {
        try await store.deadLetters(DeadLetterQuery(account: account, ids: [id], limit: 1)).first
    }

    /// Removes entries.
    ///
    /// - Returns: How many were there.
    package func delete(_ ids: [DeadLetterID], account: Account) async throws(StoreError) -> Int {
        try await store.deleteDeadLetters(ids, account: account)
    }

    /// Publishes entries again as new messages and removes them, a few in one transaction.
    ///
    /// - Returns: The new messages' ids, in order; nil for an entry that was not there. When one was missing at the start,
    ///   nothing is done and all are nil.
    package func retry(
        _ ids: [DeadLetterID],
        account: Account,
        overrides: PublishOverrides
    ) async throws -> [MessageID?] {
        for step in Self.steps(ids) {
            let found = try await store.deadLetters(DeadLetterQuery(account: account, ids: step, limit: step.count))
            guard found.count == step.count else { return ids.map { _ in nil } }
        }
        var results: [MessageID?] = []
        for step in Self.steps(ids) { results += try await redrive(step, account: account, overrides: overrides) }
        return results
    }

    private func redrive(
        _ ids: [DeadLetterID],
        account: Account,
        overrides: PublishOverrides
    ) async throws -> [MessageID?] {
        let found = try await store.deadLetters(DeadLetterQuery(account: account, ids: ids, limit: ids.count))
        let byID = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
        let now = clock.now
        var redrives: [Redrive] = []
        for id in ids {
            guard let letter = byID[id] else { continue }
            let message = try planner.plan(letter.message, overrides: overrides, key: keys.next(), now: now)
            redrives.append(Redrive(deadLetter: id, message: message))
        }
        let outcomes: [Bool]
        do {
            outcomes = redrives.isEmpty ? [] : try await store.redrive(redrives, account: account)
        } catch {
            scheduler.rescan(after: error)
            throw error
        }
        var stored: [DeadLetterID: Message] = [:]
        for (redrive, isStored) in zip(redrives, outcomes) where isStored {
            stored[redrive.deadLetter] = redrive.message
        }
        scheduler.add(redrives.compactMap { stored[$0.deadLetter] })
        return ids.map { id in stored[id].map { MessageID(key: $0.key, store: store.storeID) } }
    }

    private static func steps(_ ids: [DeadLetterID]) -> [[DeadLetterID]] {
        stride(from: 0, to: ids.count, by: stepMax).map { Array(ids[$0..<min($0 + stepMax, ids.count)]) }
    }
}
