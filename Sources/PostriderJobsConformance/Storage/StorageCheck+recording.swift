import PostriderJobs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension StorageCheck {
    static let recording: [StorageCheck] = [
        StorageCheck("a record is read as it was written") { trial in
            let record = trial.record()
            try await trial.records.create(record)
            try trial.same(try await trial.records.record(record.requestID), record, "the record")
        },
        StorageCheck("a record with every field set is read as it was written") { trial in
            var record = trial.record()
            record.status = .failed
            record.progress = 42
            record.phase = "übersetzen '; --"
            record.messageID = "msg_1"
            record.attempt = 3
            record.errorCode = "too_large"
            record.errorMessage = "the image is too large: \"🚀\"\n"
            record.updatedAt = trial.at(1.001)
            record.startedAt = trial.at(1.002)
            record.heartbeatAt = trial.at(1.003)
            record.completedAt = trial.at(1.999)
            record.rate = 1.0 / 3
            record.progressAt = trial.at(1.5)
            record.version = 4_000_000_000
            try await trial.records.create(record)
            try trial.same(try await trial.records.record(record.requestID), record, "the record")
        },
        StorageCheck("a record without user, subject and message is read as it was written") { trial in
            let record = JobRecord(
                id: "00000000-0000-4000-8000-000000000001",
                requestID: "request-1",
                jobType: "resize-image",
                createdAt: trial.at(0)
            )
            try await trial.records.create(record)
            try trial.same(try await trial.records.record(record.requestID), record, "the record")
        },
        StorageCheck("there is no record of an unknown request id") { trial in
            try await trial.records.create(trial.record(1))
            try trial.same(try await trial.records.record("request-2"), nil, "the record")
            try trial.same(try await trial.records.record(""), nil, "the record of an empty id")
        },
        StorageCheck("a request id is taken once") { trial in
            try await trial.records.create(trial.record())
            var second = trial.record(2)
            second.requestID = "request-1"
            do {
                try await trial.records.create(second)
                try trial.require(false, "the second record was accepted")
            } catch let error as JobsError {
                try trial.same(error.code, .recordExists, "the code of the error")
            }
            try trial.same(try await trial.records.record("request-1"), trial.record(), "the first record")
        },
        StorageCheck("of 20 that create a record of one request id at once exactly one does") { trial in
            let got = try await trial.atOnce(20) { number in
                var record = trial.record(number)
                record.requestID = "request"
                do {
                    try await trial.records.create(record)
                    return true
                } catch let error as JobsError where error.code == .recordExists {
                    return false
                }
            }
            try trial.same(got.count { $0 }, 1, "the number of records that were created")
        },
        StorageCheck("records that have shown no sign of life are listed, the oldest first") { trial in
            for (number, heartbeat) in [(1, 30.0), (2, 10), (3, 20), (4, 100)] {
                try await trial.records.create(trial.record(number))
                try await trial.apply(
                    [.started(attempt: 1, maxRetries: 3, messageID: "msg_\(number)")],
                    to: "request-\(number)",
                    from: heartbeat
                )
            }
            let stalled = try await trial.records.stalledRecords(before: trial.at(100), limit: 10)
            try trial.same(stalled.map(\.requestID), ["request-2", "request-3", "request-1"], "the order")
            let first = try await trial.records.record("request-2")
            try trial.same(stalled.first, first, "the first")
        },
        StorageCheck("no more records are listed as stalled than the limit says") { trial in
            for number in 1...5 {
                try await trial.records.create(trial.record(number))
                try await trial.apply(
                    [.started(attempt: 1, maxRetries: 3, messageID: nil)],
                    to: "request-\(number)",
                    from: Double(number)
                )
            }
            let stalled = try await trial.records.stalledRecords(before: trial.at(100), limit: 2)
            try trial.same(stalled.map(\.requestID), ["request-1", "request-2"], "the first two")
        },
        StorageCheck("the list of stalled records goes on from behind any of them") { trial in
            // Two of them show their last sign of life at the same time.
            for (number, seconds) in [(1, 10.0), (3, 20), (2, 20), (4, 30), (5, 200)] {
                try await trial.records.create(trial.record(number))
                try await trial.apply(
                    [.started(attempt: 1, maxRetries: 3, messageID: nil)],
                    to: "request-\(number)",
                    from: seconds
                )
            }
            var page = try await trial.records.stalledRecords(before: trial.at(100), limit: 1)
            var listed = page.map(\.requestID)
            while let last = page.last, listed.count < 10 {
                page = try await trial.records.stalledRecords(after: last, before: trial.at(100), limit: 1)
                listed += page.map(\.requestID)
            }
            try trial.same(listed, ["request-1", "request-2", "request-3", "request-4"], "the pages")
        },
        StorageCheck("a heartbeat keeps a record from being listed as stalled") { trial in
            try await trial.records.create(trial.record())
            try await trial.apply([.started(attempt: 1, maxRetries: 3, messageID: nil)], to: "request-1")
            try await trial.apply([.heartbeat], to: "request-1", from: 50)
            let none = try await trial.records.stalledRecords(before: trial.at(50), limit: 10)
            try trial.same(none, [], "the stalled ones before the heartbeat")
            let one = try await trial.records.stalledRecords(before: trial.at(50.001), limit: 10)
            try trial.same(one.map(\.requestID), ["request-1"], "the stalled ones after it")
        },
        StorageCheck("queued records that have not changed for long are listed among them by their last change") {
            trial in
            for number in 1...4 { try await trial.records.create(trial.record(number, createdAt: Double(number) * 10)) }
            try await trial.apply([.started(attempt: 1, maxRetries: 3, messageID: nil)], to: "request-1", from: 25)
            try await trial.apply([.published(messageID: "msg_2")], to: "request-2", from: 60)
            let stalled = try await trial.records.stalledRecords(before: trial.at(60), limit: 10)
            try trial.same(stalled.map(\.requestID), ["request-1", "request-3", "request-4"], "the order")
            let first = try await trial.records.stalledRecords(before: trial.at(100), limit: 2)
            try trial.same(first.map(\.requestID), ["request-1", "request-3"], "the first two")
        },
        StorageCheck("ended records are never listed as stalled") { trial in
            let ends: [JobRecordChange] = [.completed(resultData: nil), .failed(code: "a", message: "b"), .cancelled]
            for (index, end) in ends.enumerated() {
                try await trial.records.create(trial.record(index + 1))
                try await trial.apply(
                    [.started(attempt: 1, maxRetries: 3, messageID: nil), end],
                    to: "request-\(index + 1)"
                )
            }
            let stalled = try await trial.records.stalledRecords(before: trial.at(1_000), limit: 10)
            try trial.same(stalled, [], "the stalled ones")
        },
    ]

    static let watching: [StorageCheck] = [
        StorageCheck("those who watch are told of changes") { trial in
            try await trial.records.create(trial.record())
            try await trial.apply([.started(attempt: 1, maxRetries: 3, messageID: nil)], to: "request-1")
            let (told, continuation) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingNewest(1))
            let heard = try await withThrowingTaskGroup(of: String?.self) { group in
                group.addTask {
                    do { try await trial.records.watch { continuation.yield($0) } } catch is CancellationError {}
                    return nil
                }
                group.addTask {
                    for await requestID in told { return requestID }
                    return nil
                }
                group.addTask {
                    // Watching begins when it begins: the change is made again and again until somebody has heard of it.
                    for second in 0..<2_000 {
                        guard !Task.isCancelled else { return nil }
                        _ = try await trial.records.apply(
                            .heartbeat,
                            to: "request-1",
                            now: trial.at(2 + Double(second))
                        )
                        do { try await ContinuousClock().sleep(for: .milliseconds(5)) } catch { return nil }
                    }
                    continuation.finish()
                    return nil
                }
                while let result = try await group.next() {
                    guard let result else { continue }
                    group.cancelAll()
                    return result as String?
                }
                return nil
            }
            try trial.same(heard, "request-1", "what was heard")
        },
        StorageCheck("watching ends when its task is cancelled") { trial in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    do { try await trial.records.watch { _ in } } catch is CancellationError {}
                }
                group.cancelAll()
                try await group.waitForAll()
            }
        },
    ]
}
