import PostriderJobs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension AcceptanceCase {
    /// What is written at the end of a delivery whose request, lock or store is gone.
    static let endings: [AcceptanceCase] = [
        AcceptanceCase("a final attempt that is cut off is no end") { storage in
            let entered = Gate()
            let bench = try bench("cut-off", storage) { _, _ in
                entered.open()
                await Gate().wait()
                try Task.checkCancellation()
                return .done
            }
            let requestID = try await bench.makeRecord()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await bench.sendFinal(requestID) }
                await entered.wait()
                group.cancelAll()
                try await group.waitForAll()
            }
            try expect(try await bench.isFree("1"), "the message is still locked")
            try expect(try await bench.record(requestID).status, is: .processing, "status of the record")
            try expect(try await bench.deadLetters("1").isEmpty, "an attempt that is due again is a dead letter")
            try expect(try await bench.isEventFree(), "the business event is still reserved")
        },
        AcceptanceCase("a delivery that has lost its lock ends neither record nor message") { storage in
            let bench = try bench("lost-final", storage) { _, context in
                try await takeOver(context)
                return .failed(code: "gone", reason: "it is gone")
            }
            let requestID = try await bench.makeRecord()
            try expect(try await bench.sendFinal(requestID).status, is: 409, "status")
            try expect(try await bench.record(requestID).status, is: .processing, "status of the record")
            try expect(try await bench.deadLetters("1").isEmpty, "the other's message is a dead letter")
            try expect(try await !bench.isEventFree(), "the other's business event was given back")
        },
        AcceptanceCase("a cancelled delivery that has lost its lock gives no business event back") { storage in
            let bench = try bench("lost-cancelled", storage) { _, context in
                try await takeOver(context)
                throw JobsError(.cancelled, "the job has been cancelled")
            }
            try await bench.send()
            try expect(try await !bench.isEventFree(), "the other's business event was given back")
        },
        AcceptanceCase("a commit without an answer is tried again") { storage in
            for moment in [FaultyLedger.Moment.beforeWrite, .afterWrite] {
                var faulty = storage
                let ledger = FaultyLedger(storage.ledger, failing: [.commit: moment])
                faulty.ledger = ledger
                let bench = try bench("commit-again-\(moment)", faulty) { _, _ in .done }
                let requestID = try await bench.makeRecord()
                async let first = bench.send { $0.requestID = requestID }
                await ledger.until(.commit, 1)
                await bench.clock.untilAsleep()
                ledger.set([:])
                bench.clock.advance(by: .milliseconds(250))
                try expect(try await first.status, is: 200, "status")
                try expect(try await bench.record(requestID).status, is: .completed, "status of the record")
                try expect(try await bench.send().json?["duplicate"], is: true, "whether the message is done")
                try expect(ledger.count(of: .commit), is: 2, "commits")
            }
        },
        AcceptanceCase("a commit whose answer was lost is no failure of the final attempt") { storage in
            var faulty = storage
            faulty.ledger = FaultyLedger(storage.ledger, failing: [.commit: .afterWrite])
            let bench = try bench("commit-unheard", faulty) { _, context in
                try await context.complete { completion in
                    _ = try await context.storage.ledger.commit(completion(.done))
                    return .done
                }
            }
            let requestID = try await bench.makeRecord()
            let response = try await bench.sendFinal(requestID)
            try expect(response.status, is: 200, "status")
            try expect(response.json?["duplicate"], is: true, "whether it is told as done before")
            try expect(try await bench.record(requestID).status, is: .completed, "status of the record")
            try expect(try await bench.deadLetters("1").isEmpty, "what is done is a dead letter")
        },
        AcceptanceCase("store down at the final attempt ends record and message, or neither") { storage in
            for (name, isDownForLong) in [("short", false), ("long", true)] {
                var faulty = storage
                let ledger = FaultyLedger(storage.ledger, failing: [.acquire: .beforeWrite])
                if isDownForLong { ledger.set([.acquire: .beforeWrite, .release: .beforeWrite]) }
                faulty.ledger = ledger
                let bench = try bench("final-down-\(name)", faulty) { _, _ in .done }
                let requestID = try await bench.makeRecord()
                async let first = bench.sendFinal(requestID)
                // The lock was never taken, so that each try asks for it too.
                for count in 1...2 {
                    await ledger.until(.release, count)
                    await bench.clock.untilAsleep()
                    if !isDownForLong { ledger.set([:]) }
                    bench.clock.advance(by: .seconds(1))
                    if !isDownForLong { break }
                }
                try expect(try await first.status, is: 503, "status")
                let status = try await bench.record(requestID).status
                try expect(status, is: isDownForLong ? .queued : .failed, "status of the record")
                let count = try await bench.deadLetters("1").count
                try expect(count, is: isDownForLong ? 0 : 1, "dead letters")
            }
        },
        AcceptanceCase("a delivery of a job that has failed begins it again") { storage in
            let bench = try bench("reopened", storage) { _, context in
                try await context.report(progress: 50)
                return context.record == nil ? .failed(code: "none", reason: "no record") : .done
            }
            let requestID = try await bench.makeRecord()
            let end = JobRecordChange.failed(code: "stalled", message: "given up")
            _ = try await storage.records.apply(end, to: requestID, now: bench.clock.now)
            try expect(try await bench.send { $0.requestID = requestID }.status, is: 200, "status")
            let record = try await bench.record(requestID)
            try expect(record.status, is: .completed, "status of the record")
            try expect(record.errorCode == nil, "the earlier failure is still told")
            try expect(record.attempt, is: 1, "attempt")
        },
    ]

    private static func bench(
        _ name: String,
        _ storage: JobStorage,
        handler: @escaping @Sendable (Note, JobContext) async throws -> JobOutcome
    ) throws -> JobBench {
        let options = JobOptions<Note>(businessKey: { _ in name })
        return try JobBench(name, storage, options: options, handler: handler)
    }

    /// Another worker takes the message, whose lock has run out by its clock.
    private static func takeOver(_ context: JobContext) async throws {
        let owner = LockOwner(instance: "another", life: "one", token: "t")
        let lock = DeliveryLock(key: "qstash:message:\(context.messageID)", owner: owner, ttl: .seconds(3_600))
        let got = try await context.storage.ledger.acquire(lock, now: context.now.addingTimeInterval(31))
        try expect(got, is: .acquired, "the other's lock")
    }
}

extension JobBench {
    /// Sends message 1 as its final attempt.
    @discardableResult
    fileprivate func sendFinal(_ requestID: String) async throws -> JobResponse {
        try await send {
            $0.requestID = requestID
            $0.retried = 3
            $0.maxRetries = 3
        }
    }

    /// Whether another message can have the business event that is named as the bench.
    fileprivate func isEventFree() async throws -> Bool {
        let reservation = Reservation(key: "idemp:\(prefix)", owner: "somebody-else")
        return try await storage.ledger.reserve(reservation, now: clock.now) == .reserved
    }
}
