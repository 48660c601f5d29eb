import PostriderJobs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension StorageCheck {
    private static let changes: [JobRecordChange] = [
        .published(messageID: "msg_2"), .started(attempt: 2, maxRetries: 5, messageID: "msg_3"),
        .progressed(percent: 60, phase: "second"), .progressed(percent: nil, phase: nil), .heartbeat,
        .completed(resultData: nil), .failed(code: "broken", message: "it broke"), .cancelled, .requeued,
    ]

    private static let begun = JobRecordChange.started(attempt: 1, maxRetries: 3, messageID: "msg_1")

    /// The changes that lead to each state.
    private static let states: [(status: JobRecord.Status, changes: [JobRecordChange])] = [
        (.queued, []),
        (.processing, [begun, .progressed(percent: 20, phase: "first"), .progressed(percent: 30, phase: nil)]),
        (.completed, [begun, .completed(resultData: nil)]),
        (.failed, [begun, .progressed(percent: 20, phase: "first"), .failed(code: "broken", message: "it broke")]),
        (.cancelled, [begun, .cancelled]),
    ]

    /// Every change in every state, one check for each state.
    private static let transitions = states.map { state in
        StorageCheck("each change of a record that is \(state.status) does what the state machine says") { trial in
            for (number, change) in changes.enumerated() {
                var expected = trial.record(number)
                try await trial.records.create(expected)
                for (index, step) in state.changes.enumerated() {
                    let now = trial.at(Double(index) + 1)
                    guard let next = expected.applying(step, at: now) else { continue }
                    expected = next
                    let update = try await trial.records.apply(step, to: expected.requestID, now: now)
                    try trial.same(update, .changed(expected), "what \(step) gave")
                }
                try trial.same(expected.status, state.status, "the status before the change")
                let now = trial.at(10.125)
                let update = try await trial.records.apply(change, to: expected.requestID, now: now)
                let changed = expected.applying(change, at: now)
                try trial.same(
                    update,
                    changed.map { .changed($0) } ?? .unchanged(expected),
                    "what \(change) gave when \(state.status)"
                )
                let read = try await trial.records.record(expected.requestID)
                try trial.same(read, changed ?? expected, "the record after \(change) when \(state.status)")
            }
        }
    }

    static let changingRecords: [StorageCheck] =
        transitions + [
            StorageCheck("a change of an unknown record changes nothing") { trial in
                let update = try await trial.records.apply(.heartbeat, to: "nothing", now: trial.at(0))
                try trial.same(update, .missing, "the update")
                try trial.same(try await trial.records.record("nothing"), nil, "the record")
            },
            StorageCheck("a result is kept as the JSON it is") { trial in
                try await trial.records.create(trial.record())
                let text = #"{"width":10,"names":["ä","\"b\""],"deep":{"none":null,"big":9007199254740993}}"#
                try await trial.apply([begun, .completed(resultData: text)], to: "request-1")
                let kept = try await trial.records.record("request-1")?.resultData
                let result = try JSONDecoder().decode(Result.self, from: Data((kept ?? "{}").utf8))
                let wanted = Result(
                    width: 10,
                    names: ["ä", "\"b\""],
                    deep: .init(none: nil, big: 9_007_199_254_740_993)
                )
                try trial.same(result, wanted, "the result")
            },
            StorageCheck("a record can fail with any text") { trial in
                try await trial.records.create(trial.record())
                let message = "a\u{0}b" + String(repeating: "🚀", count: 2_000)
                try await trial.apply([begun, .failed(code: "a\u{0}", message: message)], to: "request-1")
                let record = try await trial.records.record("request-1")
                try trial.same(record?.status, .failed, "the status")
                try trial.same(
                    record?.errorMessage?.hasPrefix("a"),
                    true,
                    "whether the message begins as it was written"
                )
            },
            StorageCheck("the version rises by one with each change") { trial in
                try await trial.records.create(trial.record())
                for (index, change) in [begun, .heartbeat, .progressed(percent: 5, phase: nil), .cancelled].enumerated()
                {
                    let record = try await trial.apply([change], to: "request-1", from: Double(index))
                    try trial.same(record.version, Int64(index + 2), "the version after \(change)")
                }
            },
            StorageCheck("no change is lost when many change a record at once") { trial in
                try await trial.records.create(trial.record())
                try await trial.apply([begun], to: "request-1")
                let updates = try await trial.atOnce(40) { number in
                    try await trial.records.apply(
                        .progressed(percent: number + 1, phase: nil),
                        to: "request-1",
                        now: trial.at(Double(number) + 2)
                    )
                }
                let versions = Set(
                    updates.compactMap { update -> Int64? in
                        if case .changed(let record) = update { record.version } else { nil }
                    }
                )
                try trial.same(versions, Set(3...42), "the versions that were given")
                let record = try await trial.records.record("request-1")
                try trial.same(record?.version, 42, "the last version")
                try trial.same(record?.progress, 40, "the progress")
            },
            StorageCheck("of many that end a record at once exactly one does") { trial in
                try await trial.records.create(trial.record())
                try await trial.apply([begun], to: "request-1")
                let ends: [JobRecordChange] = [
                    .cancelled, .completed(resultData: nil), .failed(code: "a", message: "b"),
                ]
                let updates = try await trial.atOnce(30) { number in
                    try await trial.records.apply(ends[number % 3], to: "request-1", now: trial.at(2))
                }
                let winners = updates.compactMap { update -> JobRecord? in
                    if case .changed(let record) = update { record } else { nil }
                }
                try trial.same(winners.count, 1, "the number of ends")
                try trial.same(try await trial.records.record("request-1"), winners.first, "the record")
            },
            StorageCheck("a change touches its own record alone") { trial in
                try await trial.records.create(trial.record(1))
                try await trial.records.create(trial.record(2))
                try await trial.apply([begun], to: "request-1")
                try trial.same(try await trial.records.record("request-2"), trial.record(2), "the other record")
            },
        ]

    private struct Result: Decodable, Equatable {
        struct Deep: Decodable, Equatable {
            var none: Int?
            var big: Int64
        }
        var width: Int
        var names: [String]
        var deep: Deep
    }
}
