import PostriderCore
import Testing

extension StoreCheck {
    static let workingAtOnce: [StoreCheck] = [
        StoreCheck("many accept, load and settle at once, and each is answered for itself") { store, sample in
            let tasks = 64
            let rounds = 20
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<tasks {
                    group.addTask {
                        for round in 0..<rounds {
                            let body = MessageBody.bytes(Array("\(task)/\(round)".utf8))
                            let message = try sample.message(to: "https://host\(task).example.com/", body: body)
                            try await store.accept(message)
                            let loaded = try await store.load([message.key])
                            #expect(loaded.map(\.message.facts) == [message.facts])
                            if round.isMultiple(of: 2) {
                                try await store.settleWaiting(sample.delivered(message))
                            } else {
                                try await store.settleWaiting(sample.retry(message, due: 1_000))
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await store.pendingCount() == tasks * rounds / 2)
            let attempts = try await store.log(.standard(streams: [.attempt], limit: 10_000))
            #expect(attempts.count == tasks * rounds)
        },
        StoreCheck("of many publishes at once with one deduplication id, one is stored") { store, sample in
            let claim = DeduplicationClaim(id: "one", expiresAt: SampleSource.start.adding(milliseconds: 60_000))
            let results = try await withThrowingTaskGroup(of: AcceptResult?.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await store.accept([Acceptance(message: sample.message(), deduplication: claim)]).first
                    }
                }
                var results: [AcceptResult] = []
                for try await result in group { results.append(try #require(result)) }
                return results
            }
            let stored = try await store.pendingKeys()
            #expect(stored.count == 1)
            #expect(results.count { $0 == .accepted } == 1)
            let holder = try #require(stored.first)
            #expect(results.count { $0 == .duplicate(of: holder) } == 49)
        },
        StoreCheck("cancel and settle at once agree on what became of each message") { store, sample in
            for _ in 0..<20 {
                let message = try sample.message()
                try await store.accept(message)
                async let canceled = store.cancel([sample.cancellation(message)], account: .standard)
                async let settled = store.settle(sample.delivered(message))
                let (results, settlement) = try await (canceled, settled)
                if case .gone = settlement {
                    #expect(results == [.removed])
                } else {
                    #expect(results == [.notFound])
                }
            }
            #expect(try await store.pendingCount() == 0)
        },
        StoreCheck("entries redriven at once are each redriven once") { store, sample in
            var ids: [DeadLetterID] = []
            for _ in 0..<10 { ids.append(try await store.bury(sample.message(), sample: sample)) }
            let letters = ids
            let stored = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let redrives = try letters.map { Redrive(deadLetter: $0, message: try sample.message()) }
                        return try await store.redrive(redrives, account: .standard).count { $0 }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(stored == 10)
            #expect(try await store.pendingCount() == 10)
        },
    ]
}
