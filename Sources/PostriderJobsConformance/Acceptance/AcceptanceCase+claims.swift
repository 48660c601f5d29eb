import PostriderJobs

extension AcceptanceCase {
    /// Step 9 of the contract: business events.
    static let claims: [AcceptanceCase] = [
        AcceptanceCase("the same business event under another message 200 duplicate") { storage in
            let bench = try bench("event", storage) { _, _ in .done }
            try expect(try await bench.send("1").json, is: ["ok": true], "first message")
            try expect(try await bench.send("2").json, is: ["ok": true, "duplicate": true], "second message")
            bench.clock.advance(by: .seconds(360))
            try expect(try await bench.send("3").json, is: ["ok": true, "duplicate": true], "six minutes later")
            try expect(bench.runCount, is: 1, "runs")
        },
        AcceptanceCase("a business event is released when its handler fails") { storage in
            let bench = try bench("event-failed", storage) { _, context in
                if context.attempt == 1 { throw AcceptanceViolation("once") }
                return .done
            }
            try expect(try await bench.send("1").status, is: 500, "status of the first attempt")
            let second = try await bench.send("1") { $0.retried = 1 }
            try expect(second.json, is: ["ok": true], "answer to the retry")
            try expect(bench.runCount, is: 2, "runs")
        },
        AcceptanceCase("a retry takes up the business event of its crashed delivery") { storage in
            let bench = try bench("event-crashed", storage) { _, _ in .done }
            let key = "idemp:note:event-crashed:a"
            let left = Reservation(key: key, owner: bench.message("1"))
            try expect(try await storage.ledger.reserve(left, now: bench.clock.now), is: .reserved, "what is left")
            try expect(try await bench.send("1") { $0.retried = 1 }.json, is: ["ok": true], "answer to the retry")
            try expect(bench.runCount, is: 1, "runs")
        },
        AcceptanceCase("store down at the business event 503 and lock free") { storage in
            for moment in [FaultyLedger.Moment.beforeWrite, .afterWrite] {
                var faulty = storage
                let ledger = FaultyLedger(storage.ledger, failing: [.reserve: moment])
                faulty.ledger = ledger
                let bench = try bench("event-down-\(moment)", faulty) { _, _ in .done }
                let response = try await bench.send()
                try expect(response.status, is: 503, "status")
                try expect(response.json?["error"], is: "service_unavailable", "error")
                try expect(try await bench.isFree("1"), "the message is still locked")
                ledger.set([:])
                let other = try await bench.send("2")
                try expect(other.json, is: ["ok": true], "answer once the store is there again, to another message")
            }
        },
        AcceptanceCase("a business event stays with a handler that runs long") { storage in
            let gate = Gate()
            let bench = try bench("event-long", storage) { _, _ in
                await gate.wait()
                return .done
            }
            async let first = bench.send("1")
            for _ in 0..<40 {
                await bench.clock.untilAsleep()
                bench.clock.advance(by: .seconds(10))
            }
            await bench.clock.untilAsleep()
            try expect(
                try await bench.send("2").json,
                is: ["ok": true, "duplicate": true],
                "another message after 400 s"
            )
            gate.open()
            try expect(try await first.status, is: 200, "status of the first")
        },
    ]

    private static func bench(
        _ name: String,
        _ storage: JobStorage,
        handler: @escaping @Sendable (Note, JobContext) async throws -> JobOutcome
    ) throws -> JobBench {
        let options = JobOptions<Note>(businessKey: { "note:\(name):\($0.text)" })
        return try JobBench(name, storage, options: options, handler: handler)
    }
}
