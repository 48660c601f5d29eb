import PostriderJobs

extension AcceptanceCase {
    /// How long a lock is kept.
    static let keeping: [AcceptanceCase] = [
        AcceptanceCase("a lock is renewed until a handler that is to end has ended") { storage in
            for isCutOff in [false, true] {
                let entered = Gate()
                let gate = Gate()
                let name = isCutOff ? "late-cut-off" : "late-timeout"
                let options = JobOptions<Note>(timeout: .seconds(5))
                let bench = try JobBench(name, storage, options: options) { _, _ in
                    entered.open()
                    // It does not notice that it is cancelled.
                    await Task(operation: { await gate.wait() }).value
                    try Task.checkCancellation()
                    return .done
                }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await bench.send() }
                    await entered.wait()
                    if isCutOff { group.cancelAll() }
                    for _ in 0..<6 {
                        await bench.clock.untilAsleep()
                        bench.clock.advance(by: .seconds(10))
                    }
                    await bench.clock.untilAsleep()
                    try expect(try await !bench.isFree("1"), "another could run beside it")
                    gate.open()
                    try await group.waitForAll()
                }
                try expect(try await bench.isFree("1"), "the message is still locked")
            }
        },
        AcceptanceCase("a renewal that hangs loses the lock in its time, and no sooner") { storage in
            var faulty = storage
            let ledger = FaultyLedger(storage.ledger, failing: [:])
            ledger.hang(.renew, at: Gate())
            faulty.ledger = ledger
            let bench = try JobBench("renewal-hangs", faulty) { _, _ in
                await Gate().wait()
                try Task.checkCancellation()
                return .done
            }
            async let first = bench.send()
            await bench.clock.untilAsleep()
            bench.clock.advance(by: .seconds(10))
            await bench.clock.untilBound()
            bench.clock.advance(by: .seconds(20))
            try expect(try await first.status, is: 409, "status")
            try expect(ledger.count(of: .renew), is: 1, "renewals")
        },
        AcceptanceCase("a renewal that hangs does not hold the time limit up") { storage in
            var faulty = storage
            let ledger = FaultyLedger(storage.ledger, failing: [:])
            ledger.hang(.renew, at: Gate())
            faulty.ledger = ledger
            let bench = try JobBench("timeout-hangs", faulty, options: JobOptions(timeout: .seconds(15))) { _, _ in
                await Gate().wait()
                try Task.checkCancellation()
                return .done
            }
            async let first = bench.send()
            await bench.clock.untilAsleep()
            bench.clock.advance(by: .seconds(10))
            await bench.clock.untilBound(2)
            bench.clock.advance(by: .seconds(5))
            try expect(try await first.status, is: 500, "status")
            try expect(try await bench.isFree("1"), "the message is still locked")
        },
        AcceptanceCase("a clock that has gone on past the lock's end has lost it") { storage in
            var faulty = storage
            let ledger = FaultyLedger(storage.ledger, failing: [.renew: .beforeWrite])
            faulty.ledger = ledger
            let bench = try JobBench("clock-ahead", faulty) { _, _ in
                await Gate().wait()
                try Task.checkCancellation()
                return .done
            }
            async let first = bench.send()
            await bench.clock.untilAsleep()
            // The machine was asleep for a while.
            bench.clock.advance(by: .seconds(40))
            try expect(try await first.status, is: 409, "status")
        },
    ]
}
