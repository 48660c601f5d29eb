import PostriderCore
import Testing

extension StoreCheck {
    static let accepting: [StoreCheck] = [
        StoreCheck("accept answers in the order of the batch") { store, sample in
            let first = try sample.message()
            let second = try sample.message()
            let claim = DeduplicationClaim(id: "one", expiresAt: SampleSource.start.adding(milliseconds: 60_000))
            let results = try await store.accept([
                Acceptance(message: first, deduplication: claim),
                Acceptance(message: try sample.message(), deduplication: claim),
                Acceptance(message: second),
            ])
            #expect(results == [.accepted, .duplicate(of: first.key), .accepted])
            #expect(try await store.pendingKeys() == [first.key, second.key])
        },
        StoreCheck("an empty batch is accepted and changes nothing") { store, _ in
            let results = try await store.accept([] as [Acceptance])
            #expect(results.isEmpty)
            #expect(try await store.pendingCount() == 0)
        },
        StoreCheck("an accepted message waits from its not-before on, with nothing retried") { store, sample in
            let message = try sample.message(due: 5_000)
            try await store.accept(message)
            let entry = try #require(try await store.allPending().first)
            #expect(entry.key == message.key)
            #expect(entry.due == message.notBefore)
            #expect(entry.retried == 0)
            #expect(entry.lane == message.lane)
            #expect(try await store.pendingCount() == 1)
        },
        StoreCheck("a batch with a key that is taken is refused as a whole") { store, sample in
            let stored = try sample.message()
            try await store.accept(stored)
            let claim = DeduplicationClaim(id: "one", expiresAt: SampleSource.start.adding(milliseconds: 60_000))
            await #expect(throws: StoreError.self) {
                let fresh = Acceptance(message: try sample.message(), deduplication: claim)
                _ = try await store.accept([fresh, Acceptance(message: stored)])
            }
            #expect(try await store.pendingKeys() == [stored.key])
            let later = Acceptance(message: try sample.message(), deduplication: claim)
            #expect(try await store.accept([later]) == [.accepted], "the refused batch left its claim behind")
        },
    ]
}
