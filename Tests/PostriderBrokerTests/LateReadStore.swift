import PostriderCore
import PostriderSimulation

/// A store whose reads of waiting entries take their time: what they answer is what was stored when they began.
struct LateReadStore: MessageStore {
    let wrapped: MemoryStore
    let clock: VirtualClock
    let readMilliseconds: Int64

    var storeID: StoreID { wrapped.storeID }
    var highestKey: MessageKey? { wrapped.highestKey }

    func pending(
        in partitions: PartitionRange,
        fence: Fence,
        after: PendingPosition?,
        limit: Int
    ) async throws(StoreError) -> [PendingEntry] {
        let entries = try await wrapped.pending(in: partitions, fence: fence, after: after, limit: limit)
        await takeTime()
        return entries
    }

    func pending(
        in lane: Lane,
        fence: Fence,
        from: PendingPosition,
        limit: Int
    ) async throws(StoreError) -> [PendingEntry] {
        let entries = try await wrapped.pending(in: lane, fence: fence, from: from, limit: limit)
        await takeTime()
        return entries
    }

    private func takeTime() async {
        try? await clock.sleep(until: clock.now.adding(milliseconds: readMilliseconds))
    }

    func accept(_ batch: [Acceptance]) async throws(StoreError) -> [AcceptResult] { try await wrapped.accept(batch) }

    func settle(_ settlement: Settlement, fence: Fence) async throws(StoreError) -> SettleResult {
        try await wrapped.settle(settlement, fence: fence)
    }

    func cancel(_ cancellations: [Cancellation], account: Account) async throws(StoreError) -> [CancelResult] {
        try await wrapped.cancel(cancellations, account: account)
    }

    func pendingCount() async throws(StoreError) -> Int { try await wrapped.pendingCount() }

    func load(_ keys: [MessageKey]) async throws(StoreError) -> [WaitingMessage] { try await wrapped.load(keys) }

    func message(_ key: MessageKey, account: Account) async throws(StoreError) -> Message? {
        try await wrapped.message(key, account: account)
    }

    func attempt(_ key: MessageKey, account: Account) async throws(StoreError) -> Attempt? {
        try await wrapped.attempt(key, account: account)
    }

    func log(_ query: LogQuery) async throws(StoreError) -> [LogRow] { try await wrapped.log(query) }

    func deadLetters(_ query: DeadLetterQuery) async throws(StoreError) -> [DeadLetter] {
        try await wrapped.deadLetters(query)
    }

    func deleteDeadLetters(_ ids: [DeadLetterID], account: Account) async throws(StoreError) -> Int {
        try await wrapped.deleteDeadLetters(ids, account: account)
    }

    func redrive(_ redrives: [Redrive], account: Account) async throws(StoreError) -> [Bool] {
        try await wrapped.redrive(redrives, account: account)
    }

    func signingKeys(account: Account) async throws(StoreError) -> SigningKeyRecord? {
        try await wrapped.signingKeys(account: account)
    }

    func updateSigningKeys(
        account: Account,
        _ change: @escaping @Sendable (SigningKeyRecord?) -> SigningKeyRecord
    ) async throws(StoreError) -> SigningKeyRecord {
        try await wrapped.updateSigningKeys(account: account, change)
    }
}
