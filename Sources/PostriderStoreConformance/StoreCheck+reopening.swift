import PostriderCore
import Testing

extension StoreCheck {
    static let reopening: [StoreCheck] = [
        StoreCheck(
            "an empty store has no highest key",
            reopening: { harness in
                for _ in 0..<2 {
                    let store = try await harness.open()
                    #expect(store.highestKey == nil)
                }
            }
        ),
        StoreCheck(
            "the store's number stays when it is opened again",
            reopening: { harness in
                let first = try await harness.open().storeID
                #expect(try await harness.open().storeID == first)
            }
        ),
        StoreCheck(
            "the highest key is that of any message, attempt or cancellation",
            reopening: { harness in
                let sample = SampleSource()
                var store = try await harness.open()
                let message = try sample.message()
                let other = try sample.message()
                try await store.accept(other, message)
                store = try await harness.open()
                #expect(store.highestKey == other.key)
                let settlement = sample.delivered(message)
                try await store.settleWaiting(settlement)
                store = try await harness.open()
                #expect(store.highestKey == settlement.attempt.key)
                let cancellation = sample.cancellation(other)
                _ = try await store.cancel([cancellation], account: .standard)
                store = try await harness.open()
                #expect(store.highestKey == cancellation.key)
            }
        ),
        StoreCheck(
            "everything stored is there when the store is opened again",
            reopening: { harness in
                let sample = SampleSource()
                var store = try await harness.open()
                let claim = DeduplicationClaim(id: "a", expiresAt: SampleSource.start.adding(milliseconds: 60_000))
                let waiting = try sample.message(due: 1_000, to: "https://example.com/waiting")
                let marked = try sample.message(due: 2_000)
                let dead = try sample.message(settings: MessageSettings(labels: ["one", "two"]))
                _ = try await store.accept([
                    Acceptance(message: waiting, deduplication: claim), Acceptance(message: marked),
                    Acceptance(message: dead),
                ])
                _ = try await store.cancel([sample.cancellation(marked, isOpen: true)], account: .standard)
                let settlement = sample.failed(dead)
                try await store.settleWaiting(settlement)
                let pair = SigningKeyRecord.Pair(current: "a", next: "b")
                _ = try await store.updateSigningKeys(account: .standard) { _ in
                    SigningKeyRecord(pair: pair, seed: pair)
                }
                let entries = try await store.allPending()
                let rowCount = try await store.log(.standard()).count

                store = try await harness.open()
                #expect(try await store.allPending() == entries)
                let loaded = try await store.load([waiting.key, marked.key])
                #expect(loaded.map(\.message.facts) == [waiting.facts, marked.facts])
                #expect(loaded.map(\.isCancelRequested) == [false, true])
                let letters = try await store.deadLetters(DeadLetterQuery(account: .standard, limit: 10))
                #expect(letters.map(\.message.facts) == [dead.facts])
                #expect(letters.map(\.attempt) == [settlement.attempt])
                #expect(try await store.log(.standard()).count == rowCount)
                #expect(try await store.signingKeys(account: .standard) == SigningKeyRecord(pair: pair, seed: pair))
                let late = Acceptance(message: try sample.message(), deduplication: claim)
                #expect(try await store.accept([late]) == [.duplicate(of: waiting.key)])
            }
        ),
    ]
}
