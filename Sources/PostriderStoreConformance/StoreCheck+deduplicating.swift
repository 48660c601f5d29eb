import PostriderCore
import Testing

private let window: Int64 = 60_000

private func claim(_ id: String, from start: Timestamp = SampleSource.start) -> DeduplicationClaim {
    DeduplicationClaim(id: id, expiresAt: start.adding(milliseconds: window))
}

extension MessageStore {
    fileprivate func publish(_ message: Message, _ claim: DeduplicationClaim) async throws -> AcceptResult? {
        try await accept([Acceptance(message: message, deduplication: claim)]).first
    }
}

extension StoreCheck {
    static let deduplicating: [StoreCheck] = [
        StoreCheck("a duplicate of a stored message is named and not stored") { store, sample in
            let first = try sample.message()
            let second = try sample.message()
            #expect(try await store.publish(first, claim("a")) == .accepted)
            #expect(try await store.publish(second, claim("a")) == .duplicate(of: first.key))
            #expect(try await store.pendingKeys() == [first.key])
            #expect(try await store.message(second.key, account: .standard) == nil)
        },
        StoreCheck("other ids are no duplicates, however alike") { store, sample in
            for id in ["a", "A", "a ", "", "a\0", "a\0b", "\u{e4}", "a\u{308}", String(repeating: "a", count: 4_096)] {
                let result = try await store.publish(sample.message(), claim(id))
                #expect(result == .accepted, "\(id.debugDescription)")
            }
        },
        StoreCheck("a claim holds until its window ends and not longer") { store, sample in
            let first = try sample.message()
            #expect(try await store.publish(first, claim("a")) == .accepted)
            let last = SampleSource.start.adding(milliseconds: window - 1)
            #expect(
                try await store.publish(sample.message(createdAt: last), claim("a", from: last))
                    == .duplicate(of: first.key)
            )
            let end = SampleSource.start.adding(milliseconds: window)
            let second = try sample.message(createdAt: end)
            #expect(try await store.publish(second, claim("a", from: end)) == .accepted)
            let after = end.adding(milliseconds: window - 1)
            #expect(
                try await store.publish(sample.message(createdAt: after), claim("a", from: after))
                    == .duplicate(of: second.key),
                "a later publish must not have renewed the first window, and the second must have its own"
            )
        },
        StoreCheck("the same id of another account is no duplicate") { store, sample in
            let result = try await store.publish(sample.message(), claim("a"))
            #expect(result == .accepted)
            let other = try sample.message(account: Account(name: "other"))
            #expect(try await store.publish(other, claim("a")) == .accepted)
        },
        StoreCheck("a claim outlives its message's delivery") { store, sample in
            let message = try sample.message()
            #expect(try await store.publish(message, claim("a")) == .accepted)
            try await store.settleWaiting(sample.delivered(message))
            #expect(try await store.publish(sample.message(), claim("a")) == .duplicate(of: message.key))
        },
        StoreCheck("a claim outlives its message's cancellation") { store, sample in
            let message = try sample.message()
            #expect(try await store.publish(message, claim("a")) == .accepted)
            #expect(try await store.cancel([sample.cancellation(message)], account: .standard) == [.removed])
            #expect(try await store.publish(sample.message(), claim("a")) == .duplicate(of: message.key))
        },
        StoreCheck("a claim outlives its message's dead letter and the removal of that") { store, sample in
            let message = try sample.message()
            #expect(try await store.publish(message, claim("a")) == .accepted)
            let settlement = sample.failed(message)
            try await store.settleWaiting(settlement)
            #expect(try await store.publish(sample.message(), claim("a")) == .duplicate(of: message.key))
            let id = try #require(settlement.deadLetter)
            #expect(try await store.deleteDeadLetters([id], account: .standard) == 1)
            #expect(try await store.publish(sample.message(), claim("a")) == .duplicate(of: message.key))
        },
        StoreCheck("many claims that have ended do not bring back any that holds") { store, sample in
            let held = try sample.message()
            let long = DeduplicationClaim(id: "long", expiresAt: SampleSource.start.adding(milliseconds: 10 * window))
            #expect(try await store.publish(held, long) == .accepted)
            let batch = try (0..<200).map { Acceptance(message: try sample.message(), deduplication: claim("\($0)")) }
            _ = try await store.accept(batch)
            let later = SampleSource.start.adding(milliseconds: 2 * window)
            for number in 0..<20 {
                let fresh = try sample.message(createdAt: later)
                #expect(try await store.publish(fresh, claim("\(number)", from: later)) == .accepted)
            }
            #expect(try await store.publish(sample.message(createdAt: later), long) == .duplicate(of: held.key))
        },
    ]
}
