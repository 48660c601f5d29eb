import PostriderCore
import Testing

extension StoreCheck {
    static let settling: [StoreCheck] = [
        StoreCheck("a delivered message waits no longer and stays readable") { store, sample in
            let message = try sample.message()
            try await store.accept(message)
            let settlement = sample.delivered(message)
            let stored = try await store.settleWaiting(settlement)
            #expect(stored.attempt == settlement.attempt)
            #expect(try await store.pendingCount() == 0)
            #expect(try await store.load([message.key]).isEmpty)
            #expect(try await store.message(message.key, account: .standard)?.facts == message.facts)
            #expect(try await store.attempt(settlement.attempt.key, account: .standard) == settlement.attempt)
        },
        StoreCheck("a retry waits at its new time with one more retried, in its lane") { store, sample in
            let message = try sample.message()
            try await store.accept(message)
            try await store.settleWaiting(sample.retry(message, due: 9_000))
            try await store.settleWaiting(sample.retry(message, due: 20_000, retried: 1))
            let entry = try #require(try await store.allPending().first)
            #expect(try await store.pendingCount() == 1)
            #expect(entry.due == SampleSource.start.adding(milliseconds: 20_000))
            #expect(entry.retried == 2)
            #expect(entry.lane == message.lane)
            let laneEntries = try await store.pending(
                in: message.lane,
                fence: .exclusive,
                from: entry.position,
                limit: 10
            )
            #expect(laneEntries == [entry])
        },
        StoreCheck("a failed message becomes a dead letter in the same step") { store, sample in
            let message = try sample.message()
            try await store.accept(message)
            let settlement = sample.failed(message)
            try await store.settleWaiting(settlement)
            #expect(try await store.pendingCount() == 0)
            let letters = try await store.deadLetters(DeadLetterQuery(account: .standard, limit: 10))
            let letter = try #require(letters.first)
            #expect(letters.count == 1)
            #expect(letter.id == settlement.deadLetter)
            #expect(letter.message.facts == message.facts)
            #expect(letter.attempt == settlement.attempt)
        },
        StoreCheck("callbacks are stored and wait with the settlement that owes them") { store, sample in
            let message = try sample.message()
            try await store.accept(message)
            let attempt = sample.attempt(message, .failed)
            let id = DeadLetterID(failedAt: attempt.endedAt, message: message.key)
            let source = CallbackSource(message: message.key, attempt: attempt.key, deadLetter: nil)
            let failureSource = CallbackSource(message: message.key, attempt: attempt.key, deadLetter: id)
            let callback = try sample.message(to: "https://example.com/done", body: .callback(source))
            let failure = try sample.message(to: "https://example.com/oh", body: .callback(failureSource))
            try await store.settleWaiting(
                Settlement(attempt: attempt, deadLetter: id, callbacks: [callback], failureCallback: failure)
            )
            #expect(try await store.pendingKeys() == [callback.key, failure.key])
            let loaded = try await store.load([callback.key, failure.key])
            #expect(loaded.map(\.message.facts) == [callback.facts, failure.facts])
        },
        StoreCheck("a settlement with a callback whose key is taken changes nothing") { store, sample in
            let taken = try sample.message(due: 1)
            let message = try sample.message(due: 2)
            try await store.accept(taken, message)
            let settlement = sample.delivered(message, callbacks: [taken])
            await #expect(throws: StoreError.self) { _ = try await store.settle(settlement) }
            #expect(try await store.pendingKeys() == [taken.key, message.key])
            #expect(try await store.attempt(settlement.attempt.key, account: .standard) == nil)
        },
        StoreCheck("a success stays delivered though a cancel was requested") { store, sample in
            let message = try sample.message()
            let callback = try sample.message()
            try await store.accept(message)
            _ = try await store.cancel([sample.cancellation(message, isOpen: true)], account: .standard)
            let stored = try await store.settleWaiting(sample.delivered(message, callbacks: [callback]))
            #expect(stored.attempt.verdict == .delivered)
            #expect(try await store.pendingKeys() == [callback.key])
        },
        StoreCheck("a retry ends cancelled when a cancel was requested") { store, sample in
            let message = try sample.message()
            try await store.accept(message)
            _ = try await store.cancel([sample.cancellation(message, isOpen: true)], account: .standard)
            let stored = try await store.settleWaiting(sample.retry(message, due: 9_000))
            #expect(stored.attempt.verdict == .canceled)
            #expect(stored.attempt.nextDue == nil)
            #expect(try await store.pendingCount() == 0)
            #expect(try await store.attempt(stored.attempt.key, account: .standard) == stored.attempt)
        },
        StoreCheck("a failure ends cancelled, without dead letter or failure callback") { store, sample in
            let message = try sample.message()
            try await store.accept(message)
            _ = try await store.cancel([sample.cancellation(message, isOpen: true)], account: .standard)
            let stored = try await store.settleWaiting(
                sample.failed(message, failureCallback: try sample.message())
            )
            #expect(stored.attempt.verdict == .canceled)
            #expect(stored.deadLetter == nil)
            #expect(stored.failureCallback == nil)
            #expect(try await store.pendingCount() == 0)
            #expect(try await store.deadLetters(DeadLetterQuery(account: .standard, limit: 10)).isEmpty)
        },
        StoreCheck("a settlement of a message that no longer waits is gone and stores nothing") { store, sample in
            let message = try sample.message()
            try await store.accept(message)
            _ = try await store.cancel([sample.cancellation(message)], account: .standard)
            let settlement = sample.failed(message, failureCallback: try sample.message())
            guard case .gone = try await store.settle(settlement) else {
                Issue.record("a removed message was settled")
                return
            }
            #expect(try await store.attempt(settlement.attempt.key, account: .standard) == nil)
            #expect(try await store.pendingCount() == 0)
            #expect(try await store.deadLetters(DeadLetterQuery(account: .standard, limit: 10)).isEmpty)
        },
        StoreCheck("a settlement of a message that never was is gone") { store, sample in
            guard case .gone = try await store.settle(sample.delivered(try sample.message())) else {
                Issue.record("an unknown message was settled")
                return
            }
        },
    ]
}
