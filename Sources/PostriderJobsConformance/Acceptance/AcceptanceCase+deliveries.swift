import PostriderJobs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension AcceptanceCase {
    /// Steps 6 and 11 of the contract: locks and markers.
    static let deliveries: [AcceptanceCase] = [
        AcceptanceCase("store down 503") { storage in
            for moment in [FaultyLedger.Moment.beforeWrite, .afterWrite] {
                var faulty = storage
                let ledger = FaultyLedger(storage.ledger, failing: [.acquire: moment])
                faulty.ledger = ledger
                let bench = try JobBench("store-down-\(moment)", faulty)
                let response = try await bench.send()
                try expect(response.status, is: 503, "status")
                try expect(response.json?["error"], is: "service_unavailable", "error")
                try expect(bench.runCount, is: 0, "runs")
                ledger.set([:])
                try expect(try await bench.send().status, is: 200, "status once the store is there again")
            }
        },
        AcceptanceCase("concurrent same id 409") { storage in
            let gate = Gate()
            let entered = Gate()
            let bench = try JobBench("concurrent", storage) { _, _ in
                entered.open()
                await gate.wait()
                return .done
            }
            async let first = bench.send()
            await entered.wait()
            bench.clock.advance(by: .milliseconds(2_500))
            let second = try await bench.send { $0.retried = 1 }
            try expect(second.status, is: 409, "status of the second")
            try expect(second.json?["error"], is: "in_progress", "error of the second")
            try expect(second.field("Retry-After"), is: "28", "seconds until the lock may be free, rounded up")
            gate.open()
            try expect(try await first.status, is: 200, "status of the first")
            try expect(bench.runCount, is: 1, "runs")
        },
        AcceptanceCase("of many deliveries of one message one runs") { storage in
            let gate = Gate()
            let bench = try JobBench("many", storage) { _, _ in
                await gate.wait()
                return .done
            }
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await bench.send().status } }
                var statuses: [Int] = []
                while let status = try await group.next() {
                    statuses.append(status)
                    // Nineteen are answered while the one that runs waits.
                    if statuses.count == 19 { gate.open() }
                }
                return statuses
            }
            try expect(statuses.filter { $0 == 200 }.count, is: 1, "how many were answered 200")
            try expect(statuses.filter { $0 == 409 }.count, is: 19, "how many were answered 409")
            try expect(bench.runCount, is: 1, "runs")
        },
        AcceptanceCase("after success same id 200 duplicate without side effect") { storage in
            let bench = try JobBench("duplicate", storage) { note, _ in .done(["count": .integer(Int64(note.count))]) }
            let first = try await bench.send()
            try expect(first.status, is: 200, "status of the first")
            try expect(first.json, is: ["ok": true, "count": 1], "answer of the first")
            let second = try await bench.send { $0.retried = 1 }
            try expect(second.status, is: 200, "status of the second")
            try expect(second.json, is: ["ok": true, "duplicate": true], "answer of the second")
            try expect(bench.runCount, is: 1, "runs")
            bench.clock.advance(by: .seconds(86_399))
            try await bench.send()
            try expect(bench.runCount, is: 1, "runs within a day")
            bench.clock.advance(by: .seconds(2))
            try await bench.send()
            try expect(bench.runCount, is: 2, "runs after a day")
        },
        AcceptanceCase("commit failure still 200") { storage in
            var faulty = storage
            let ledger = FaultyLedger(storage.ledger, failing: [.commit: .beforeWrite])
            faulty.ledger = ledger
            let bench = try JobBench("commit-failure", faulty)
            let requestID = try await bench.makeRecord()
            async let first = bench.send { $0.requestID = requestID }
            for count in 1...2 {
                await ledger.until(.commit, count)
                await bench.clock.untilAsleep()
                bench.clock.advance(by: .seconds(1))
            }
            let response = try await first
            try expect(ledger.count(of: .commit), is: 3, "commits")
            try expect(try await bench.record(requestID).status, is: .completed, "status of the record")
            try expect(response.status, is: 200, "status")
            try expect(response.json, is: ["ok": true], "answer")
        },
        AcceptanceCase("a crashed worker's message is taken up when its lock has run out") { storage in
            let bench = try JobBench("crashed", storage)
            // The lock of a worker that is gone.
            let owner = LockOwner(instance: "a", life: "b", token: "c")
            let key = "qstash:message:\(bench.message("1"))"
            let lock = DeliveryLock(key: key, owner: owner, ttl: .seconds(30))
            _ = try await storage.ledger.acquire(lock, now: bench.clock.now)
            try expect(try await bench.send().status, is: 409, "status at once")
            bench.clock.advance(by: .seconds(31))
            try expect(try await bench.send { $0.retried = 1 }.status, is: 200, "status when it has run out")
            try expect(bench.runCount, is: 1, "runs")
        },
        AcceptanceCase("a starting server frees the locks of its earlier life") { storage in
            let clock = ManualJobClock()
            let before = try JobBench("earlier-life", storage, clock: clock, instance: "worker-1")
            let owner = LockOwner(instance: "worker-1", life: "an-earlier-one", token: "c")
            let key = "qstash:message:\(before.message("1"))"
            let lock = DeliveryLock(key: key, owner: owner, ttl: .seconds(30))
            _ = try await storage.ledger.acquire(lock, now: clock.now)
            try expect(try await before.send().status, is: 409, "status while it is locked")
            try await before.server.prepare()
            try expect(try await before.send().status, is: 200, "status after the start")
        },
        AcceptanceCase("a lock is renewed as long as its handler runs") { storage in
            let gate = Gate()
            let bench = try JobBench("renewal", storage) { _, _ in
                await gate.wait()
                return .done
            }
            async let first = bench.send()
            for _ in 0..<12 {
                await bench.clock.untilAsleep()
                bench.clock.advance(by: .seconds(10))
            }
            await bench.clock.untilAsleep()
            try expect(try await bench.send().status, is: 409, "status of another delivery after two minutes")
            gate.open()
            try expect(try await first.status, is: 200, "status of the first")
            try expect(bench.runCount, is: 1, "runs")
        },
        AcceptanceCase("a handler that has lost its lock is cancelled, and frees nobody's") { storage in
            let bench = try JobBench("lost", storage) { _, _ in
                await Gate().wait()
                try Task.checkCancellation()
                return .done
            }
            async let first = bench.send()
            await bench.clock.untilAsleep()
            // Its lock runs out unnoticed, and another worker takes the message.
            let owner = LockOwner(instance: "another", life: "one", token: "t")
            let key = "qstash:message:\(bench.message("1"))"
            let lock = DeliveryLock(key: key, owner: owner, ttl: .seconds(3_600))
            let later = bench.clock.now.addingTimeInterval(31)
            try expect(try await storage.ledger.acquire(lock, now: later), is: .acquired, "the other's lock")
            bench.clock.advance(by: .seconds(31))
            let response = try await first
            try expect(response.status, is: 409, "status")
            try expect(response.json?["error"], is: "in_progress", "error")
            try expect(
                try await storage.ledger.renew(lock, reservation: nil, now: bench.clock.now),
                "the other's lock was freed"
            )
        },
    ]
}
