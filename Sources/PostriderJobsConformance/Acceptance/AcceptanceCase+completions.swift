import PostriderJobs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension AcceptanceCase {
    /// What a handler commits together with its own writes.
    static let completions: [AcceptanceCase] = [
        AcceptanceCase("a handler may complete its delivery itself, and then it is over") { storage in
            let bench = try JobBench("complete", storage) { _, context in
                _ = try await complete(context, .done(["by": "handler"]))
                throw AcceptanceViolation("after everything was committed")
            }
            let requestID = try await bench.makeRecord()
            let response = try await bench.send { $0.requestID = requestID }
            try expect(response.status, is: 200, "status")
            try expect(response.json, is: ["ok": true, "by": "handler"], "answer")
            try expect(try await bench.record(requestID).status, is: .completed, "status of the record")
            try expect(try await bench.send().json, is: ["ok": true, "duplicate": true], "answer to a retry")
            try expect(bench.runCount, is: 1, "runs")
        },
        AcceptanceCase("a delivery is completed once") { storage in
            let bench = try JobBench("complete-twice", storage) { _, context in
                _ = try await complete(context, .done)
                do {
                    return try await complete(context, .done)
                } catch let error as JobsError where error.code == .alreadyCompleted {
                    return .done(["second": "refused"])
                }
            }
            // The answer is that of the outcome that was committed.
            try expect(try await bench.send().json, is: ["ok": true], "answer")
        },
        AcceptanceCase("an outcome that is no success completes nothing") { storage in
            let bench = try JobBench("complete-failed", storage) { _, context in
                let refused = try await complete(context, .retry(reason: "not yet"))
                guard context.attempt > 1 else { return refused }
                return try await complete(context, .done)
            }
            try expect(try await bench.send().status, is: 500, "status of the first")
            try expect(try await bench.isFree("1"), "the message is still locked")
            try expect(try await bench.send { $0.retried = 1 }.status, is: 200, "status of the second")
        },
        AcceptanceCase("a handler that has lost its lock commits nothing") { storage in
            let options = JobOptions<Note>(businessKey: { "complete-lost:\($0.text)" })
            let bench = try JobBench("complete-lost", storage, options: options) { _, context in
                let owner = LockOwner(instance: "another", life: "one", token: "t")
                let key = "qstash:message:\(context.messageID)"
                let lock = DeliveryLock(key: key, owner: owner, ttl: .seconds(3_600))
                _ = try await context.storage.ledger.acquire(lock, now: context.now.addingTimeInterval(31))
                return try await complete(context, .done)
            }
            let requestID = try await bench.makeRecord()
            let response = try await bench.send { $0.requestID = requestID }
            try expect(response.status, is: 409, "status")
            try expect(try await bench.record(requestID).status, is: .processing, "status of the record")
            let key = "idemp:complete-lost:a"
            let other = Reservation(key: key, owner: "somebody-else")
            // The message's next attempt is the other worker's: the event stays reserved for it.
            try expect(
                try await storage.ledger.reserve(other, now: bench.clock.now),
                is: .duplicate,
                "the business event for somebody else"
            )
        },
    ]

    /// What a driver does in its transaction, without writes of the handler's.
    private static func complete(_ context: JobContext, _ outcome: JobOutcome) async throws -> JobOutcome {
        try await context.complete { completion in
            guard outcome.isSuccess else { return outcome }
            guard try await context.storage.ledger.commit(completion(outcome)) else {
                throw JobsError(.lockLost, "the lock is another's")
            }
            return outcome
        }
    }
}
