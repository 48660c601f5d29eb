import Dispatch
import PostriderCore
import PostriderSimulation
import Synchronization

@testable import PostriderBroker

/// What must hold when a run has ended, whatever happened in it.
struct SimulationChecks {
    let store: MemoryStore
    let ledger: SimulatedLedger
    /// Publishes of one life fall into one deduplication window; a later life may see the next.
    let lifeCount: Int

    /// Every promise that was broken, in words.
    func violations() -> [String] {
        var violations: [String] = []
        for entry in ledger.accepted { violations += check(entry) }
        for (id, keys) in ledger.deduplicated.sorted(by: { $0.key < $1.key }) where keys.count > lifeCount {
            violations.append("the deduplication id \(id) made \(keys.count) messages")
        }
        return violations
    }

    private func check(_ entry: SimulatedLedger.Entry) -> [String] {
        let rows = store.logRows(of: entry.id.key)
        var violations: [String] = []
        var attempts: [Attempt] = []
        var isRemoved = false
        for row in rows {
            switch row.kind {
            case .attempt(let attempt): attempts.append(attempt)
            case .cancellation(_, let removed): isRemoved = isRemoved || removed
            case .created: break
            }
        }
        let ends = attempts.filter { $0.verdict != .retry }.count + (isRemoved ? 1 : 0)
        if ends != 1 { violations.append("\(entry.id) ended \(ends) times") }
        if attempts.count > 1 + entry.retriesMax {
            violations.append("\(entry.id) had \(attempts.count) settled attempts")
        }
        if attempts.map(\.retried) != Array(0..<attempts.count) {
            violations.append("\(entry.id) counted its attempts as \(attempts.map(\.retried))")
        }
        let isDead = store.isDeadLetter(entry.id.key)
        if isDead != (attempts.last?.verdict == .failed) {
            violations.append("\(entry.id) and its dead letter disagree")
        }
        let callbacks = store.callbackSources.filter { $0.message == entry.id.key && $0.deadLetter == nil }
        if entry.hasCallback, Set(callbacks.map(\.attempt)) != Set(attempts.map(\.key)) {
            violations.append("\(entry.id) has \(callbacks.count) callbacks for \(attempts.count) attempts")
        }
        return violations
    }
}

extension MemoryStore {
    /// How many messages wait.
    var waitingCount: Int { immediate { try await self.pendingCount() } ?? 0 }

    /// Everything the log has of a message, the earliest first.
    func logRows(of key: MessageKey) -> [LogRow] {
        immediate {
            try await self.log(
                LogQuery(
                    account: .standard,
                    messages: [key],
                    streams: Set(LogQuery.Stream.allCases),
                    verdicts: nil,
                    isLatestFirst: false,
                    from: nil,
                    limit: 1_000,
                    bodyBytesMax: 0
                )
            )
        } ?? []
    }

    /// Whether a message is in the dead letter queue.
    func isDeadLetter(_ key: MessageKey) -> Bool {
        let found = immediate {
            try await self.deadLetters(DeadLetterQuery(account: .standard, message: key, limit: 1))
        }
        return found?.isEmpty == false
    }

    /// What every stored callback reports.
    var callbackSources: [CallbackSource] {
        let rows =
            immediate {
                try await self.log(
                    LogQuery(
                        account: .standard,
                        messages: nil,
                        streams: [.created],
                        verdicts: nil,
                        isLatestFirst: false,
                        from: nil,
                        limit: 100_000,
                        bodyBytesMax: 0
                    )
                )
            } ?? []
        return rows.compactMap { row in
            if case .callback(let source) = row.message.body { source } else { nil }
        }
    }

    /// Calls the store from synchronous code; the memory store never waits for anything.
    private func immediate<Value: Sendable>(_ call: @escaping @Sendable () async throws -> Value) -> Value? {
        let result = Mutex<Value?>(nil)
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            let value = try? await call()
            result.withLock { $0 = value }
            done.signal()
        }
        done.wait()
        return result.withLock { $0 }
    }
}
