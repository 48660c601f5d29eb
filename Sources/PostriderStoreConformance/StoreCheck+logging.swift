import PostriderCore
import Testing

/// A row as a comparable value.
private struct RowFacts: Equatable {
    enum Kind: Equatable {
        case created
        case attempt(Attempt)
        case cancellation(at: Timestamp, isRemoved: Bool)
    }

    let key: MessageKey
    let message: MessageKey
    let kind: Kind

    init(_ key: MessageKey, _ message: Message, _ kind: Kind) {
        self.key = key
        self.message = message.key
        self.kind = kind
    }

    init(_ row: LogRow) {
        self.key = row.key
        self.message = row.message.key
        switch row.kind {
        case .created: self.kind = .created
        case .attempt(let attempt): self.kind = .attempt(attempt)
        case .cancellation(let at, let isRemoved): self.kind = .cancellation(at: at, isRemoved: isRemoved)
        }
    }
}

/// A small history: two messages, one retried and delivered, one marked and then removed.
private func history(_ store: any MessageStore, _ sample: SampleSource) async throws -> (rows: [RowFacts], [Message]) {
    let first = try sample.message()
    let second = try sample.message()
    try await store.accept(first, second)
    let retry = sample.retry(first, due: 1_000)
    let mark = sample.cancellation(second, isOpen: true)
    let delivered = sample.delivered(first)
    let removal = sample.cancellation(second)
    // Stored in another order than that of the keys: the log is ordered by key alone.
    _ = try await store.cancel([mark], account: .standard)
    try await store.settleWaiting(retry)
    _ = try await store.cancel([removal], account: .standard)
    try await store.settleWaiting(delivered)
    let rows = [
        RowFacts(first.key, first, .created),
        RowFacts(second.key, second, .created),
        RowFacts(retry.attempt.key, first, .attempt(retry.attempt)),
        RowFacts(mark.key, second, .cancellation(at: mark.at, isRemoved: false)),
        RowFacts(delivered.attempt.key, first, .attempt(delivered.attempt)),
        RowFacts(removal.key, second, .cancellation(at: removal.at, isRemoved: true)),
    ]
    return (rows, [first, second])
}

extension StoreCheck {
    static let logging: [StoreCheck] = [
        StoreCheck("the log lists what happened by key, in both directions") { store, sample in
            let (rows, _) = try await history(store, sample)
            #expect(try await store.log(.standard()).map(RowFacts.init) == rows)
            #expect(try await store.log(.standard(isLatestFirst: true)).map(RowFacts.init) == rows.reversed())
        },
        StoreCheck("the log begins with the row of the key it is given") { store, sample in
            let (rows, _) = try await history(store, sample)
            for (index, row) in rows.enumerated() {
                let onwards = try await store.log(.standard(from: row.key))
                #expect(onwards.map(RowFacts.init) == Array(rows[index...]))
                let backwards = try await store.log(.standard(isLatestFirst: true, from: row.key))
                #expect(backwards.map(RowFacts.init) == rows[...index].reversed())
            }
        },
        StoreCheck("a key that no row has is still a place to begin") { store, sample in
            let (rows, _) = try await history(store, sample)
            let low = MessageKey(rawValue: 1)
            let high = MessageKey(rawValue: .max)
            #expect(try await store.log(.standard(from: low)).count == rows.count)
            #expect(try await store.log(.standard(from: high)).isEmpty)
            #expect(try await store.log(.standard(isLatestFirst: true, from: high)).count == rows.count)
            #expect(try await store.log(.standard(isLatestFirst: true, from: low)).isEmpty)
        },
        StoreCheck("the log gives at most as many rows as asked for, over all its streams") { store, sample in
            let (rows, _) = try await history(store, sample)
            for limit in 0...rows.count + 1 {
                let page = try await store.log(.standard(limit: limit)).map(RowFacts.init)
                #expect(page == Array(rows.prefix(limit)))
                let backwards = try await store.log(.standard(isLatestFirst: true, limit: limit)).map(RowFacts.init)
                #expect(backwards == Array(rows.reversed().prefix(limit)))
            }
        },
        StoreCheck("a row carries its message whole") { store, sample in
            let message = try sample.message(to: "https://example.com/a?b=c")
            try await store.accept(message)
            try await store.settleWaiting(sample.delivered(message))
            let rows = try await store.log(.standard())
            #expect(rows.map(\.message.facts) == [message.facts, message.facts])
        },
    ]

    static let filteringLog: [StoreCheck] = [
        StoreCheck("the log gives the streams asked for and no others") { store, sample in
            let (rows, _) = try await history(store, sample)
            for stream in LogQuery.Stream.allCases {
                let expected = rows.filter { row in
                    switch row.kind {
                    case .created: stream == .created
                    case .attempt: stream == .attempt
                    case .cancellation: stream == .cancellation
                    }
                }
                #expect(try await store.log(.standard(streams: [stream])).map(RowFacts.init) == expected)
            }
            #expect(try await store.log(.standard(streams: [])).isEmpty)
        },
        StoreCheck("the log gives attempts with the verdicts asked for; other rows stay") { store, sample in
            let (rows, _) = try await history(store, sample)
            for verdict in Attempt.Verdict.allCases {
                let expected = rows.filter { row in
                    if case .attempt(let attempt) = row.kind { attempt.verdict == verdict } else { true }
                }
                for isLatestFirst in [false, true] {
                    let query = LogQuery.standard(verdicts: [verdict], isLatestFirst: isLatestFirst)
                    let page = try await store.log(query).map(RowFacts.init)
                    #expect(page == (isLatestFirst ? expected.reversed() : expected))
                }
            }
        },
        StoreCheck("the log of some messages leaves out the others'") { store, sample in
            let (rows, messages) = try await history(store, sample)
            for message in messages {
                let expected = rows.filter { $0.message == message.key }
                let query = LogQuery.standard(messages: [message.key, sample.key()])
                #expect(try await store.log(query).map(RowFacts.init) == expected)
                let page = try await store.log(.standard(messages: [message.key], isLatestFirst: true, limit: 2))
                #expect(page.map(RowFacts.init) == Array(expected.reversed().prefix(2)))
            }
            let all = LogQuery.standard(messages: messages.map(\.key).reversed(), from: rows[2].key)
            #expect(try await store.log(all).map(RowFacts.init) == Array(rows[2...]))
            let verdicts = LogQuery.standard(messages: messages.map(\.key), streams: [.attempt], verdicts: [.retry])
            #expect(try await store.log(verdicts).map(RowFacts.init) == [rows[2]])
        },
        StoreCheck("bodies above the bound are left out of the log, their number of bytes stays") { store, sample in
            let small = try sample.message(body: .bytes([UInt8](repeating: 1, count: 100)))
            let large = try sample.message(body: .bytes([UInt8](repeating: 2, count: 101)))
            try await store.accept(small, large)
            var settlement = sample.delivered(small)
            settlement.attempt.responseBody = [UInt8](repeating: 3, count: 100)
            try await store.settleWaiting(settlement)
            var above = sample.delivered(large)
            above.attempt.responseBody = [UInt8](repeating: 4, count: 101)
            try await store.settleWaiting(above)
            let rows = try await store.log(.standard(streams: [.attempt], bodyBytesMax: 100))
            #expect(rows.map(\.message.body) == [small.body, .omitted(byteCount: 101)])
            let bodies = rows.map { row -> [UInt8] in
                if case .attempt(let attempt) = row.kind { attempt.responseBody } else { [] }
            }
            #expect(bodies == [settlement.attempt.responseBody, []])
            #expect(try await store.attempt(above.attempt.key, account: .standard) == above.attempt)
        },
        StoreCheck("the log shows a callback's source whatever the bound") { store, sample in
            let source = CallbackSource(message: sample.key(), attempt: sample.key(), deadLetter: nil)
            let message = try sample.message(body: .callback(source))
            try await store.accept(message)
            let rows = try await store.log(.standard(bodyBytesMax: 0))
            #expect(rows.map(\.message.body) == [.callback(source)])
        },
    ]
}
