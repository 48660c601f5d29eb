/// What every store must do: each verb names a transition and is one transaction.
///
/// A write returns only after it is durable: it survives the loss of power. A verb that throws has changed nothing,
/// except with code `uncertain`: then the write is there as a whole or not at all.
/// Writes that wait at the same time may share a transaction (group commit); each still succeeds or fails as a whole.
/// `PostriderStoreConformance` says the rest as checks.
package protocol MessageStore: Sendable {
    /// The number that is part of every public id of this store.
    var storeID: StoreID { get }

    /// The highest key of any message, attempt or cancellation when the store was opened; nil when it is empty.
    var highestKey: MessageKey? { get }

    /// Stores messages that wait, in order, all or none.
    ///
    /// A message whose deduplication id is held by an earlier one, stored or earlier in this very batch, is not stored and is
    /// reported as its duplicate. A claim whose window has ended by the new message's `createdAt` holds nothing and is replaced.
    /// A key that is taken throws `unavailable`.
    func accept(_ batch: [Acceptance]) async throws(StoreError) -> [AcceptResult]

    /// Ends an attempt: writes its row, moves or removes the waiting entry, adds the dead letter and the callbacks.
    ///
    /// The settlement is resolved (``Settlement/resolved(isCancelRequested:)``) against the stored cancel mark in the same
    /// transaction. An attempt that was settled before, to a caller that lost the answer, changes nothing and is answered as it
    /// was stored. Under an old fence it throws `fenced`.
    func settle(_ settlement: Settlement, fence: Fence) async throws(StoreError) -> SettleResult

    /// Cancels messages of one account; the results are in the order of the requests.
    func cancel(_ cancellations: [Cancellation], account: Account) async throws(StoreError) -> [CancelResult]

    /// Waiting entries in the order of their positions, above `after`, at most `limit`.
    ///
    /// - Parameter after: Nil begins with the earliest.
    func pending(
        in partitions: PartitionRange,
        fence: Fence,
        after: PendingPosition?,
        limit: Int
    ) async throws(StoreError) -> [PendingEntry]

    /// Waiting entries of one lane, in order, at or above `from`, at most `limit`.
    func pending(
        in lane: Lane,
        fence: Fence,
        from: PendingPosition,
        limit: Int
    ) async throws(StoreError) -> [PendingEntry]

    /// How many messages wait, over all accounts.
    func pendingCount() async throws(StoreError) -> Int

    /// Messages that still wait, with their entries; those that do not are left out. Bodies are whole.
    func load(_ keys: [MessageKey]) async throws(StoreError) -> [WaitingMessage]

    /// A message of the account, waiting or finished, with its whole body; nil when unknown or removed.
    func message(_ key: MessageKey, account: Account) async throws(StoreError) -> Message?

    /// An attempt of the account, with its response; nil when unknown or removed.
    func attempt(_ key: MessageKey, account: Account) async throws(StoreError) -> Attempt?

    /// Rows of the log, from which events are derived.
    func log(_ query: LogQuery) async throws(StoreError) -> [LogRow]

    /// Dead letters in the order asked for.
    func deadLetters(_ query: DeadLetterQuery) async throws(StoreError) -> [DeadLetter]

    /// Removes dead letters of the account.
    ///
    /// - Returns: How many were there.
    func deleteDeadLetters(_ ids: [DeadLetterID], account: Account) async throws(StoreError) -> Int

    /// Replaces dead letters by new messages: for each entry still there, removes it and stores its message.
    ///
    /// - Returns: For each, in order, whether the entry was there; if not, its message was not stored.
    func redrive(_ redrives: [Redrive], account: Account) async throws(StoreError) -> [Bool]

    /// The account's signing keys; nil before they were first written.
    func signingKeys(account: Account) async throws(StoreError) -> SigningKeyRecord?

    /// Reads, decides and writes the account's signing keys in one transaction.
    ///
    /// - Parameter change: A pure function from what is stored to what shall be.
    func updateSigningKeys(
        account: Account,
        _ change: @escaping @Sendable (SigningKeyRecord?) -> SigningKeyRecord
    ) async throws(StoreError) -> SigningKeyRecord
}
