package import PostriderCore
import Synchronization

/// A store that goes wrong as it is told to.
package final class FaultyStore: MessageStore {
    private struct Progress {
        var calls: [StoreVerb: Int] = [:]
        var plan: FaultPlan
    }

    private let wrapped: any MessageStore
    private let crashSwitch: CrashSwitch
    private let progress: Mutex<Progress>

    package init(_ wrapped: any MessageStore, failing plan: FaultPlan = .none, crash: CrashSwitch = CrashSwitch()) {
        self.wrapped = wrapped
        self.crashSwitch = crash
        self.progress = Mutex(Progress(plan: plan))
    }

    package var storeID: StoreID { wrapped.storeID }
    package var highestKey: MessageKey? { wrapped.highestKey }

    /// Replaces the plan; the counts of calls go on.
    package func fail(_ plan: FaultPlan) {
        progress.withLock { $0.plan = plan }
    }

    /// How often a verb was called so far, failed calls included.
    package func callCount(_ verb: StoreVerb) -> Int {
        progress.withLock { $0.calls[verb, default: 0] }
    }

    package func accept(_ batch: [Acceptance]) async throws(StoreError) -> [AcceptResult] {
        try await perform(.accept) { () throws(StoreError) in try await wrapped.accept(batch) }
    }

    package func settle(_ settlement: Settlement, fence: Fence) async throws(StoreError) -> SettleResult {
        try await perform(.settle) { () throws(StoreError) in try await wrapped.settle(settlement, fence: fence) }
    }

    package func cancel(_ cancellations: [Cancellation], account: Account) async throws(StoreError) -> [CancelResult] {
        try await perform(.cancel) { () throws(StoreError) in
            try await wrapped.cancel(cancellations, account: account)
        }
    }

    package func pending(
        in partitions: PartitionRange,
        fence: Fence,
        after: PendingPosition?,
        limit: Int
    ) async throws(StoreError) -> [PendingEntry] {
        try await perform(.pendingInPartitions) { () throws(StoreError) in
            try await wrapped.pending(in: partitions, fence: fence, after: after, limit: limit)
        }
    }

    package func pending(
        in lane: Lane,
        fence: Fence,
        from: PendingPosition,
        limit: Int
    ) async throws(StoreError) -> [PendingEntry] {
        try await perform(.pendingInLane) { () throws(StoreError) in
            try await wrapped.pending(in: lane, fence: fence, from: from, limit: limit)
        }
    }

    package func pendingCount() async throws(StoreError) -> Int {
        try await perform(.pendingCount) { () throws(StoreError) in try await wrapped.pendingCount() }
    }

    package func load(_ keys: [MessageKey]) async throws(StoreError) -> [WaitingMessage] {
        try await perform(.load) { () throws(StoreError) in try await wrapped.load(keys) }
    }

    package func message(_ key: MessageKey, account: Account) async throws(StoreError) -> Message? {
        try await perform(.message) { () throws(StoreError) in try await wrapped.message(key, account: account) }
    }

    package func attempt(_ key: MessageKey, account: Account) async throws(StoreError) -> Attempt? {
        try await perform(.attempt) { () throws(StoreError) in try await wrapped.attempt(key, account: account) }
    }

    package func log(_ query: LogQuery) async throws(StoreError) -> [LogRow] {
        try await perform(.log) { () throws(StoreError) in try await wrapped.log(query) }
    }

    package func deadLetters(_ query: DeadLetterQuery) async throws(StoreError) -> [DeadLetter] {
        try await perform(.deadLetters) { () throws(StoreError) in try await wrapped.deadLetters(query) }
    }

    package func deleteDeadLetters(_ ids: [DeadLetterID], account: Account) async throws(StoreError) -> Int {
        try await perform(.deleteDeadLetters) { () throws(StoreError) in
            try await wrapped.deleteDeadLetters(ids, account: account)
        }
    }

    package func redrive(_ redrives: [Redrive], account: Account) async throws(StoreError) -> [Bool] {
        try await perform(.redrive) { () throws(StoreError) in try await wrapped.redrive(redrives, account: account) }
    }

    package func signingKeys(account: Account) async throws(StoreError) -> SigningKeyRecord? {
        try await perform(.signingKeys) { () throws(StoreError) in try await wrapped.signingKeys(account: account) }
    }

    package func updateSigningKeys(
        account: Account,
        _ change: @escaping @Sendable (SigningKeyRecord?) -> SigningKeyRecord
    ) async throws(StoreError) -> SigningKeyRecord {
        try await perform(.updateSigningKeys) { () throws(StoreError) in
            try await wrapped.updateSigningKeys(account: account, change)
        }
    }

    private func perform<Value>(
        _ verb: StoreVerb,
        _ call: () async throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        try crashSwitch.check()
        let fault = progress.withLock { progress in
            progress.calls[verb, default: 0] += 1
            return progress.plan.fault(verb, call: progress.calls[verb, default: 0])
        }
        if let fault, fault.moment == .before { throw strike(fault, verb) }
        let value = try await call()
        if let fault { throw strike(fault, verb) }
        // The process may have died while the store worked: what it wrote stays, and nobody is left to hear of it.
        try crashSwitch.check()
        return value
    }

    private func strike(_ fault: StoreFault, _ verb: StoreVerb) -> StoreError {
        switch fault.effect {
        case .error(let code): return StoreError(code, detail: "injected \(fault.moment) \(verb)")
        case .crash:
            crashSwitch.crash()
            return StoreError(.closed, detail: "the simulated process died \(fault.moment) \(verb)")
        }
    }
}
