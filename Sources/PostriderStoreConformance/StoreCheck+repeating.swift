import PostriderCore
import Testing

/// A caller that lost the answer asks again: the same attempt, with the same key, counts once.
extension StoreCheck {
    static let repeating: [StoreCheck] = [
        StoreCheck("a repeated retry settlement changes nothing and is answered as stored") { store, sample in
            let message = try sample.message()
            try await store.accept(message)
            let settlement = sample.retry(message, due: 9_000)
            try await store.settleWaiting(settlement)
            let again = try await store.settleWaiting(settlement)
            #expect(again.attempt == settlement.attempt)
            #expect(try await store.allPending().map(\.retried) == [1])
        },
        StoreCheck("a repeated final settlement changes nothing and is answered as stored") { store, sample in
            let message = try sample.message()
            try await store.accept(message)
            let callback = try sample.message()
            let settlement = sample.failed(message, failureCallback: callback)
            try await store.settleWaiting(settlement)
            let again = try await store.settleWaiting(settlement)
            #expect(again.attempt == settlement.attempt)
            #expect(again.deadLetter == settlement.deadLetter)
            #expect(try await store.pendingKeys() == [callback.key])
        },
        StoreCheck("a repeated settlement that ended cancelled is answered as cancelled") { store, sample in
            let message = try sample.message()
            try await store.accept(message)
            _ = try await store.cancel([sample.cancellation(message, isOpen: true)], account: .standard)
            let settlement = sample.failed(message)
            try await store.settleWaiting(settlement)
            let again = try await store.settleWaiting(settlement)
            #expect(again.attempt.verdict == .canceled)
            #expect(again.deadLetter == nil)
        },
    ]
}
