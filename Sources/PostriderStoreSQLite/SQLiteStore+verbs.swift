package import PostriderCore

/// Every verb as a write of the committer or a read of the pool. Only this process has the folder: every fence is current.
extension SQLiteStore {
    package func accept(_ batch: [Acceptance]) async throws(StoreError) -> [AcceptResult] {
        let byteCount = batch.reduce(0) { $0 + $1.message.bodyByteCount }
        return try await committer.write(byteCount: byteCount) { try $0.accept(batch) }
    }

    package func settle(_ settlement: Settlement, fence: Fence) async throws(StoreError) -> SettleResult {
        let byteCount = settlement.newMessages.reduce(settlement.attempt.responseBody.count) { $0 + $1.bodyByteCount }
        return try await committer.write(byteCount: byteCount) { try $0.settle(settlement) }
    }

    package func cancel(_ cancellations: [Cancellation], account: Account) async throws(StoreError) -> [CancelResult] {
        try await committer.write { try $0.cancel(cancellations, account: account) }
    }

    package func pending(
        in partitions: PartitionRange,
        fence: Fence,
        after: PendingPosition?,
        limit: Int
    ) async throws(StoreError) -> [PendingEntry] {
        try await readers.read { try $0.pending(in: partitions, after: after, limit: limit) }
    }

    package func pending(
        in lane: Lane,
        fence: Fence,
        from: PendingPosition,
        limit: Int
    ) async throws(StoreError) -> [PendingEntry] {
        try await readers.read { try $0.pending(in: lane, from: from, limit: limit) }
    }

    package func pendingCount() async throws(StoreError) -> Int {
        try await readers.read { try $0.pendingCount() }
    }

    package func load(_ keys: [MessageKey]) async throws(StoreError) -> [WaitingMessage] {
        try await readers.read { try $0.load(keys) }
    }

    package func message(_ key: MessageKey, account: Account) async throws(StoreError) -> Message? {
        try await readers.read { reader in
            guard let account = try reader.id(of: account) else { return nil }
            return try reader.message(key, account: account)
        }
    }

    package func attempt(_ key: MessageKey, account: Account) async throws(StoreError) -> Attempt? {
        try await readers.read { reader in
            guard let account = try reader.id(of: account) else { return nil }
            return try reader.attempt(key, account: account)
        }
    }

    package func log(_ query: LogQuery) async throws(StoreError) -> [LogRow] {
        try await readers.read { try $0.log(query) }
    }

    package func deadLetters(_ query: DeadLetterQuery) async throws(StoreError) -> [DeadLetter] {
        try await readers.read { try $0.deadLetters(query) }
    }

    package func deleteDeadLetters(_ ids: [DeadLetterID], account: Account) async throws(StoreError) -> Int {
        try await committer.write { try $0.deleteDeadLetters(ids, account: account) }
    }

    package func redrive(_ redrives: [Redrive], account: Account) async throws(StoreError) -> [Bool] {
        let byteCount = redrives.reduce(0) { $0 + $1.message.bodyByteCount }
        return try await committer.write(byteCount: byteCount) { try $0.redrive(redrives, account: account) }
    }

    package func signingKeys(account: Account) async throws(StoreError) -> SigningKeyRecord? {
        try await readers.read { try $0.signingKeys(account: account) }
    }

    package func updateSigningKeys(
        account: Account,
        _ change: @escaping @Sendable (SigningKeyRecord?) -> SigningKeyRecord
    ) async throws(StoreError) -> SigningKeyRecord {
        try await committer.write { try $0.updateSigningKeys(account: account, change) }
    }
}
