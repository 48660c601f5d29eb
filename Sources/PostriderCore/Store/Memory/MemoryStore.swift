import Synchronization

/// A store in memory: for tests, simulations, and to say in few lines what a store does.
///
/// It survives a simulated crash by being handed to the next broker. Every verb finishes without suspending, on the executor
/// of its caller, so that a seeded executor replays a run. Only one process can hold it: every fence is the current one.
package final class MemoryStore: MessageStore {
    package let storeID: StoreID
    private let state = Mutex(MemoryState())

    package init(storeID: StoreID) {
        self.storeID = storeID
    }

    /// The highest key stored so far, which is what a broker finds that opens the store now.
    package var highestKey: MessageKey? { state.withLock(\.highestKey) }

    package func accept(_ batch: [Acceptance]) async throws(StoreError) -> [AcceptResult] {
        try state.withLock { (state) throws(StoreError) in try state.accept(batch) }
    }

    package func settle(_ settlement: Settlement, fence: Fence) async throws(StoreError) -> SettleResult {
        try state.withLock { (state) throws(StoreError) in try state.settle(settlement) }
    }

    package func cancel(_ cancellations: [Cancellation], account: Account) async throws(StoreError) -> [CancelResult] {
        state.withLock { $0.cancel(cancellations, account: account) }
    }

    package func pending(
        in partitions: PartitionRange,
        fence: Fence,
        after: PendingPosition?,
        limit: Int
    ) async throws(StoreError) -> [PendingEntry] {
        state.withLock { $0.pending(in: partitions, after: after, limit: limit) }
    }

    package func pending(
        in lane: Lane,
        fence: Fence,
        from: PendingPosition,
        limit: Int
    ) async throws(StoreError) -> [PendingEntry] {
        state.withLock { $0.pending(in: lane, from: from, limit: limit) }
    }

    package func pendingCount() async throws(StoreError) -> Int {
        state.withLock(\.waiting.count)
    }

    package func load(_ keys: [MessageKey]) async throws(StoreError) -> [WaitingMessage] {
        state.withLock { $0.load(keys) }
    }

    package func message(_ key: MessageKey, account: Account) async throws(StoreError) -> Message? {
        state.withLock { state in
            state.messages[key].flatMap { $0.account == account ? $0 : nil }
        }
    }

    package func attempt(_ key: MessageKey, account: Account) async throws(StoreError) -> Attempt? {
        state.withLock { state in
            state.attempts[key].flatMap { $0.account == account ? $0 : nil }
        }
    }

    package func log(_ query: LogQuery) async throws(StoreError) -> [LogRow] {
        state.withLock { $0.log(query) }
    }

    package func deadLetters(_ query: DeadLetterQuery) async throws(StoreError) -> [DeadLetter] {
        state.withLock { $0.deadLetters(query) }
    }

    package func deleteDeadLetters(_ ids: [DeadLetterID], account: Account) async throws(StoreError) -> Int {
        state.withLock { $0.deleteDeadLetters(ids, account: account) }
    }

    package func redrive(_ redrives: [Redrive], account: Account) async throws(StoreError) -> [Bool] {
        try state.withLock { (state) throws(StoreError) in try state.redrive(redrives, account: account) }
    }

    package func signingKeys(account: Account) async throws(StoreError) -> SigningKeyRecord? {
        state.withLock { $0.signingKeys[account] }
    }

    package func updateSigningKeys(
        account: Account,
        _ change: @escaping @Sendable (SigningKeyRecord?) -> SigningKeyRecord
    ) async throws(StoreError) -> SigningKeyRecord {
        state.withLock { state in
            let record = change(state.signingKeys[account])
            state.signingKeys[account] = record
            return record
        }
    }
}
