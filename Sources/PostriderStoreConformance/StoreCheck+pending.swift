import PostriderCore
import Testing

extension StoreCheck {
    static let listingPending: [StoreCheck] = [
        StoreCheck("pending lists by due time, then by key") { store, sample in
            let late = try sample.message(due: 3_000)
            let early = try sample.message(due: 1_000)
            let alsoEarly = try sample.message(due: 1_000)
            let negative = try sample.message(due: -5_000_000_000_000)
            try await store.accept(late, alsoEarly, early, negative)
            #expect(try await store.pendingKeys() == [negative.key, early.key, alsoEarly.key, late.key])
        },
        StoreCheck("pending goes on above a position, page by page, without gap or repetition") { store, sample in
            var expected: [MessageKey] = []
            for number in 0..<25 {
                let message = try sample.message(due: Int64(number / 4) * 1_000)
                try await store.accept(message)
                expected.append(message.key)
            }
            var listed: [MessageKey] = []
            var after: PendingPosition?
            while true {
                let page = try await store.pending(in: .all, fence: .exclusive, after: after, limit: 3)
                guard let last = page.last else { break }
                #expect(page.count <= 3)
                listed += page.map(\.key)
                after = last.position
            }
            #expect(listed == expected)
        },
        StoreCheck("a position that no entry has is still a place to go on from") { store, sample in
            let early = try sample.message(due: 1_000)
            let late = try sample.message(due: 3_000)
            try await store.accept(early, late)
            let between = PendingPosition(
                due: SampleSource.start.adding(milliseconds: 2_000),
                key: MessageKey(rawValue: 1)
            )
            let page = try await store.pending(in: .all, fence: .exclusive, after: between, limit: 10)
            #expect(page.map(\.key) == [late.key])
        },
        StoreCheck("pending lists the partitions asked for and no others") { store, sample in
            var expected: [[MessageKey]] = [[], []]
            for number in 0..<40 {
                let message = try sample.message(to: "https://host\(number).example.com/")
                try await store.accept(message)
                expected[message.lane.partition.rawValue < 128 ? 0 : 1].append(message.key)
            }
            for (half, bounds) in [PartitionRange(0...127), PartitionRange(128...255)].enumerated() {
                let page = try await store.pending(in: bounds, fence: .exclusive, after: nil, limit: 100)
                #expect(page.map(\.key) == expected[half])
                #expect(page.allSatisfy { bounds.contains($0.lane.partition) })
            }
        },
        StoreCheck("pending of a lane begins at the position itself and keeps to the lane") { store, sample in
            let first = try sample.message(due: 1_000)
            let other = try sample.message(due: 2_000, to: "https://other.example.com/")
            let second = try sample.message(due: 3_000)
            let third = try sample.message(due: 4_000)
            try await store.accept(first, other, second, third)
            let from = PendingPosition(due: second.notBefore, key: second.key)
            func page(_ limit: Int) async throws -> [MessageKey] {
                try await store.pending(in: first.lane, fence: .exclusive, from: from, limit: limit).map(\.key)
            }
            #expect(try await page(10) == [second.key, third.key])
            #expect(try await page(1) == [second.key])
        },
        StoreCheck("pending of a lane that is unknown or empty lists nothing") { store, sample in
            let message = try sample.message()
            try await store.accept(message)
            try await store.settleWaiting(sample.delivered(message))
            let unknown = Lane(kind: .queue, account: .standard, name: "unknown")
            let from = PendingPosition(due: Timestamp(milliseconds: .min), key: MessageKey(rawValue: 0))
            for lane in [message.lane, unknown] {
                #expect(try await store.pending(in: lane, fence: .exclusive, from: from, limit: 10).isEmpty)
            }
        },
        StoreCheck("lanes of two accounts are two lanes, though their destination is one") { store, sample in
            let own = try sample.message()
            let foreign = try sample.message(account: Account(name: "other"))
            try await store.accept(own, foreign)
            let from = PendingPosition(due: Timestamp(milliseconds: .min), key: MessageKey(rawValue: 0))
            let page = try await store.pending(in: own.lane, fence: .exclusive, from: from, limit: 10)
            #expect(page.map(\.key) == [own.key])
            #expect(page.first?.lane == own.lane)
        },
    ]
}
