import PostriderCore
import Testing

extension StoreCheck {
    static let loading: [StoreCheck] = [
        StoreCheck("load gives whole messages with their entries, in the order asked for") { store, sample in
            let first = try sample.message(due: 1_000)
            let second = try sample.message(due: 2_000, to: "https://example.com:8443/other?x=1")
            try await store.accept(first, second)
            try await store.settleWaiting(sample.retry(second, due: 9_000))
            let loaded = try await store.load([second.key, first.key])
            #expect(loaded.map(\.message.facts) == [second.facts, first.facts])
            #expect(loaded.map(\.entry.retried) == [1, 0])
            #expect(loaded.map(\.entry.due) == [SampleSource.start.adding(milliseconds: 9_000), first.notBefore])
            #expect(loaded.map(\.entry.lane) == [second.lane, first.lane])
            #expect(loaded.map(\.isCancelRequested) == [false, false])
        },
        StoreCheck("load leaves out what does not wait") { store, sample in
            let delivered = try sample.message()
            let failed = try sample.message()
            let cancelled = try sample.message()
            let waiting = try sample.message()
            try await store.accept(delivered, failed, cancelled, waiting)
            try await store.settleWaiting(sample.delivered(delivered))
            try await store.settleWaiting(sample.failed(failed))
            _ = try await store.cancel([sample.cancellation(cancelled)], account: .standard)
            let keys = [delivered.key, failed.key, sample.key(), cancelled.key, waiting.key]
            #expect(try await store.load(keys).map(\.message.key) == [waiting.key])
        },
        StoreCheck("load of many and of none works") { store, sample in
            let messages = try (0..<1_000).map { _ in try sample.message() }
            _ = try await store.accept(messages.map { Acceptance(message: $0) })
            #expect(try await store.load(messages.map(\.key)).map(\.message.key) == messages.map(\.key))
            #expect(try await store.load([]).isEmpty)
        },
    ]

    static let reading: [StoreCheck] = [
        StoreCheck("messages and attempts that never were are nil") { store, sample in
            for key in [sample.key(), MessageKey(rawValue: .max), MessageKey(rawValue: -1)] {
                let message = try await store.message(key, account: .standard)
                #expect(message == nil)
                #expect(try await store.attempt(key, account: .standard) == nil)
            }
        },
        StoreCheck("an attempt's key is no message and a message's key no attempt") { store, sample in
            let message = try sample.message()
            try await store.accept(message)
            let settlement = sample.delivered(message)
            try await store.settleWaiting(settlement)
            #expect(try await store.message(settlement.attempt.key, account: .standard) == nil)
            #expect(try await store.attempt(message.key, account: .standard) == nil)
        },
    ]
}
