import PostriderCore
import Testing

/// The verbs as the checks mostly call them.
extension MessageStore {
    /// Stores messages without deduplication ids.
    func accept(_ messages: Message...) async throws {
        let results = try await accept(messages.map { Acceptance(message: $0) })
        #expect(results == messages.map { _ in .accepted })
    }

    /// Settles under the fence of a store that one process holds.
    func settle(_ settlement: Settlement) async throws -> SettleResult {
        try await settle(settlement, fence: .exclusive)
    }

    /// Settles and takes what was stored; a message that is gone is an error of the check.
    @discardableResult
    func settleWaiting(_ settlement: Settlement) async throws -> Settlement {
        guard case .settled(let stored) = try await settle(settlement, fence: .exclusive) else {
            throw StoreError(.unavailable, detail: "the message was gone")
        }
        return stored
    }

    /// Stores a message and lets it fail for good.
    func bury(_ message: Message, at: Int64 = 0, sample: SampleSource) async throws -> DeadLetterID {
        try await accept(message)
        let settlement = sample.failed(message, at: at)
        try await settleWaiting(settlement)
        return try #require(settlement.deadLetter)
    }

    /// Every waiting entry, in order.
    func allPending() async throws -> [PendingEntry] {
        try await pending(in: .all, fence: .exclusive, after: nil, limit: 10_000)
    }

    /// The keys of every waiting entry, in order.
    func pendingKeys() async throws -> [MessageKey] {
        try await allPending().map(\.key)
    }
}
