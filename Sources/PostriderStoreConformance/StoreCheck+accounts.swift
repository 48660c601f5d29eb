import PostriderCore
import Testing

extension StoreCheck {
    private static let other = Account(name: "other")

    static let separatingAccounts: [StoreCheck] = [
        StoreCheck("a foreign account reads nothing") { store, sample in
            let message = try sample.message()
            try await store.accept(message)
            // The other account is known to the store, so that nothing is empty for want of it.
            try await store.accept(try sample.message(account: other))
            let settlement = sample.failed(message)
            try await store.settleWaiting(settlement)
            let id = try #require(settlement.deadLetter)
            #expect(try await store.message(message.key, account: other) == nil)
            #expect(try await store.attempt(settlement.attempt.key, account: other) == nil)
            var query = LogQuery.standard(messages: [message.key])
            query.account = other
            #expect(try await store.log(query).isEmpty)
            query.messages = nil
            #expect(try await store.log(query).count == 1)
            #expect(try await store.deadLetters(DeadLetterQuery(account: other, limit: 10)).isEmpty)
            #expect(try await store.deadLetters(DeadLetterQuery(account: other, ids: [id], limit: 10)).isEmpty)
            let byMessage = DeadLetterQuery(account: other, message: message.key, limit: 10)
            #expect(try await store.deadLetters(byMessage).isEmpty)
        },
        StoreCheck("a foreign account changes nothing") { store, sample in
            let message = try sample.message()
            let dead = try sample.message()
            try await store.accept(message)
            try await store.accept(try sample.message(due: 1_000, account: other))
            let id = try await store.bury(dead, sample: sample)
            for isOpen in [false, true] {
                let cancellation = sample.cancellation(message, isOpen: isOpen)
                #expect(try await store.cancel([cancellation], account: other) == [.notFound])
            }
            #expect(try await store.deleteDeadLetters([id], account: other) == 0)
            let redrive = Redrive(deadLetter: id, message: try sample.message(account: other))
            #expect(try await store.redrive([redrive], account: other) == [false])
            var foreign = sample.delivered(message)
            foreign.attempt.account = other
            guard case .gone = try await store.settle(foreign) else {
                Issue.record("a foreign account settled a message")
                return
            }
            #expect(try await store.pendingKeys().first == message.key)
            #expect(try await store.deadLetters(DeadLetterQuery(account: .standard, limit: 10)).map(\.id) == [id])
        },
        StoreCheck("an account that never stored anything finds nothing") { store, sample in
            let nobody = Account(name: "nobody")
            var query = LogQuery.standard()
            query.account = nobody
            #expect(try await store.log(query).isEmpty)
            #expect(try await store.deadLetters(DeadLetterQuery(account: nobody, limit: 10)).isEmpty)
            let message = try sample.message()
            try await store.accept(message)
            #expect(try await store.cancel([sample.cancellation(message)], account: nobody) == [.notFound])
        },
        StoreCheck("work of every account waits in one order") { store, sample in
            let own = try sample.message(due: 2_000)
            let foreign = try sample.message(due: 1_000, account: other)
            try await store.accept(own, foreign)
            #expect(try await store.pendingKeys() == [foreign.key, own.key])
            #expect(try await store.pendingCount() == 2)
            #expect(try await store.load([own.key, foreign.key]).map(\.message.account) == [.standard, other])
        },
    ]
}
