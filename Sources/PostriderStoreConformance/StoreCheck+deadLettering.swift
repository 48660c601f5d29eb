import PostriderCore
import Testing

extension MessageStore {
    fileprivate func letters(_ query: DeadLetterQuery) async throws -> [DeadLetterID] {
        try await deadLetters(query).map(\.id)
    }
}

extension StoreCheck {
    static let deadLettering: [StoreCheck] = [
        StoreCheck("dead letters come by time of failure, then by message, in both directions") { store, sample in
            let late = try await store.bury(sample.message(), at: 3_000, sample: sample)
            let early = try await store.bury(sample.message(), at: 1_000, sample: sample)
            let alsoEarly = try await store.bury(sample.message(), at: 1_000, sample: sample)
            #expect(early < alsoEarly)
            let query = DeadLetterQuery(account: .standard, limit: 10)
            #expect(try await store.letters(query) == [early, alsoEarly, late])
            let reversed = DeadLetterQuery(account: .standard, isLatestFirst: true, limit: 10)
            #expect(try await store.letters(reversed) == [late, alsoEarly, early])
        },
        StoreCheck("dead letters go on behind an entry, page by page, without gap or repetition") { store, sample in
            var expected: [DeadLetterID] = []
            for number in 0..<11 {
                expected.append(try await store.bury(sample.message(), at: Int64(number / 3), sample: sample))
            }
            for isLatestFirst in [false, true] {
                var listed: [DeadLetterID] = []
                var query = DeadLetterQuery(account: .standard, isLatestFirst: isLatestFirst, limit: 2)
                while true {
                    let page = try await store.letters(query)
                    guard let last = page.last else { break }
                    #expect(page.count <= 2)
                    listed += page
                    query.after = last
                }
                #expect(listed == (isLatestFirst ? expected.reversed() : expected))
            }
        },
        StoreCheck("a cursor outlives the removal of its entry") { store, sample in
            let first = try await store.bury(sample.message(), at: 1, sample: sample)
            let second = try await store.bury(sample.message(), at: 2, sample: sample)
            _ = try await store.deleteDeadLetters([first], account: .standard)
            #expect(try await store.letters(DeadLetterQuery(account: .standard, after: first, limit: 9)) == [second])
        },
        StoreCheck("dead letters can be asked for by id, in order, with a cursor") { store, sample in
            let first = try await store.bury(sample.message(), at: 1, sample: sample)
            let second = try await store.bury(sample.message(), at: 2, sample: sample)
            let third = try await store.bury(sample.message(), at: 3, sample: sample)
            let wrongTime = DeadLetterID(failedAt: first.failedAt.adding(milliseconds: 1), message: first.message)
            let ids = [third, wrongTime, first, first]
            #expect(try await store.letters(DeadLetterQuery(account: .standard, ids: ids, limit: 9)) == [first, third])
            let reversed = DeadLetterQuery(account: .standard, ids: ids + [second], isLatestFirst: true, limit: 2)
            #expect(try await store.letters(reversed) == [third, second])
            let behind = DeadLetterQuery(account: .standard, ids: ids, after: first, limit: 9)
            #expect(try await store.letters(behind) == [third])
            #expect(try await store.letters(DeadLetterQuery(account: .standard, ids: [], limit: 9)).isEmpty)
        },
        StoreCheck("a message's dead letter can be asked for by the message") { store, sample in
            let first = try await store.bury(sample.message(), sample: sample)
            _ = try await store.bury(sample.message(), sample: sample)
            let query = DeadLetterQuery(account: .standard, message: first.message, limit: 10)
            #expect(try await store.letters(query) == [first])
            let unknown = DeadLetterQuery(account: .standard, message: sample.key(), limit: 10)
            #expect(try await store.letters(unknown).isEmpty)
            let both = DeadLetterQuery(account: .standard, ids: [first], message: sample.key(), limit: 10)
            #expect(try await store.letters(both).isEmpty)
        },
        StoreCheck("a dead letter carries the attempt that ended its message") { store, sample in
            let message = try sample.message()
            try await store.accept(message)
            try await store.settleWaiting(sample.retry(message, due: 1_000))
            let last = sample.failed(message, at: 2_000)
            try await store.settleWaiting(last)
            let letter = try #require(try await store.deadLetters(DeadLetterQuery(account: .standard, limit: 1)).first)
            #expect(letter.attempt == last.attempt)
        },
        StoreCheck("removing dead letters counts those that were there") { store, sample in
            let first = try await store.bury(sample.message(), at: 1, sample: sample)
            let second = try await store.bury(sample.message(), at: 2, sample: sample)
            let unknown = DeadLetterID(failedAt: SampleSource.start, message: sample.key())
            let wrongTime = DeadLetterID(failedAt: second.failedAt.adding(milliseconds: 1), message: second.message)
            let ids = [first, unknown, first, wrongTime]
            #expect(try await store.deleteDeadLetters(ids, account: .standard) == 1)
            #expect(try await store.letters(DeadLetterQuery(account: .standard, limit: 10)) == [second])
            #expect(try await store.deleteDeadLetters([], account: .standard) == 0)
            #expect(try await store.message(first.message, account: .standard) != nil)
        },
    ]

    static let redriving: [StoreCheck] = [
        StoreCheck("redrive replaces an entry that is there by its message") { store, sample in
            let id = try await store.bury(sample.message(), sample: sample)
            let fresh = try sample.message(due: 1_000)
            let missed = try sample.message()
            let unknown = DeadLetterID(failedAt: SampleSource.start, message: sample.key())
            let redrives = [
                Redrive(deadLetter: unknown, message: missed), Redrive(deadLetter: id, message: fresh),
            ]
            #expect(try await store.redrive(redrives, account: .standard) == [false, true])
            #expect(try await store.letters(DeadLetterQuery(account: .standard, limit: 10)).isEmpty)
            #expect(try await store.pendingKeys() == [fresh.key])
            #expect(try await store.message(missed.key, account: .standard) == nil)
        },
        StoreCheck("an entry is redriven once, however often it is asked for") { store, sample in
            let id = try await store.bury(sample.message(), sample: sample)
            let fresh = try sample.message()
            let redrives = [
                Redrive(deadLetter: id, message: fresh), Redrive(deadLetter: id, message: try sample.message()),
            ]
            #expect(try await store.redrive(redrives, account: .standard) == [true, false])
            let again = [Redrive(deadLetter: id, message: try sample.message())]
            #expect(try await store.redrive(again, account: .standard) == [false])
            #expect(try await store.pendingKeys() == [fresh.key])
        },
        StoreCheck("a redrive that cannot store a message keeps every entry") { store, sample in
            let first = try await store.bury(sample.message(), at: 1, sample: sample)
            let second = try await store.bury(sample.message(), at: 2, sample: sample)
            let taken = try sample.message()
            try await store.accept(taken)
            await #expect(throws: StoreError.self) {
                let redrives = [
                    Redrive(deadLetter: first, message: try sample.message()),
                    Redrive(deadLetter: second, message: taken),
                ]
                _ = try await store.redrive(redrives, account: .standard)
            }
            #expect(try await store.letters(DeadLetterQuery(account: .standard, limit: 10)) == [first, second])
            #expect(try await store.pendingKeys() == [taken.key])
        },
        StoreCheck("the log of a redriven message stays") { store, sample in
            let message = try sample.message()
            let id = try await store.bury(message, sample: sample)
            _ = try await store.redrive([Redrive(deadLetter: id, message: try sample.message())], account: .standard)
            #expect(try await store.log(.standard(messages: [message.key])).count == 2)
        },
    ]
}
