import PostriderCore
import Testing

extension StoreCheck {
    static let cancelling: [StoreCheck] = [
        StoreCheck("cancel removes what waits and answers in order") { store, sample in
            let first = try sample.message()
            let kept = try sample.message()
            let second = try sample.message()
            try await store.accept(first, kept, second)
            let unknown = try sample.message()
            let results = try await store.cancel(
                [sample.cancellation(second), sample.cancellation(unknown), sample.cancellation(first)],
                account: .standard
            )
            #expect(results == [.removed, .notFound, .removed])
            #expect(try await store.pendingKeys() == [kept.key])
            #expect(try await store.message(first.key, account: .standard)?.facts == first.facts)
        },
        StoreCheck("cancel of an open message marks it and leaves it waiting") { store, sample in
            let message = try sample.message()
            try await store.accept(message)
            let results = try await store.cancel([sample.cancellation(message, isOpen: true)], account: .standard)
            #expect(results == [.requested])
            let loaded = try #require(try await store.load([message.key]).first)
            #expect(loaded.isCancelRequested)
            #expect(try await store.pendingCount() == 1)
        },
        StoreCheck("a repeated cancel of an open message changes nothing") { store, sample in
            let message = try sample.message()
            try await store.accept(message)
            let first = sample.cancellation(message, isOpen: true)
            _ = try await store.cancel([first], account: .standard)
            let again = try await store.cancel([sample.cancellation(message, isOpen: true)], account: .standard)
            #expect(again == [.requested])
            let rows = try await store.log(LogQuery.standard(streams: [.cancellation]))
            #expect(rows.map(\.key) == [first.key])
        },
        StoreCheck("a marked message that is no longer open is removed by a cancel") { store, sample in
            let message = try sample.message()
            try await store.accept(message)
            _ = try await store.cancel([sample.cancellation(message, isOpen: true)], account: .standard)
            #expect(try await store.cancel([sample.cancellation(message)], account: .standard) == [.removed])
            #expect(try await store.pendingCount() == 0)
        },
        StoreCheck("the second of two cancels of one message finds nothing") { store, sample in
            let message = try sample.message()
            try await store.accept(message)
            let twice = [sample.cancellation(message), sample.cancellation(message)]
            #expect(try await store.cancel(twice, account: .standard) == [.removed, .notFound])
        },
        StoreCheck("a finished message is not found by a cancel") { store, sample in
            let delivered = try sample.message()
            let failed = try sample.message()
            try await store.accept(delivered, failed)
            try await store.settleWaiting(sample.delivered(delivered))
            try await store.settleWaiting(sample.failed(failed))
            let cancellations = [sample.cancellation(delivered), sample.cancellation(failed)]
            #expect(try await store.cancel(cancellations, account: .standard) == [.notFound, .notFound])
            #expect(try await store.log(LogQuery.standard(streams: [.cancellation])).isEmpty)
        },
        StoreCheck("a retrying message can be cancelled, marked or removed") { store, sample in
            let removed = try sample.message()
            let marked = try sample.message()
            try await store.accept(removed, marked)
            try await store.settleWaiting(sample.retry(removed, due: 1_000))
            try await store.settleWaiting(sample.retry(marked, due: 1_000))
            let cancellations = [sample.cancellation(removed), sample.cancellation(marked, isOpen: true)]
            #expect(try await store.cancel(cancellations, account: .standard) == [.removed, .requested])
            #expect(try await store.pendingKeys() == [marked.key])
        },
    ]
}
