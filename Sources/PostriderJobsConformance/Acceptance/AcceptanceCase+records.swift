import PostriderJobs

extension AcceptanceCase {
    /// What becomes of a job's record.
    static let records: [AcceptanceCase] = [
        AcceptanceCase("a record follows its job to the end") { storage in
            let bench = try JobBench("record", storage) { _, context in
                try await context.report(progress: 40, phase: "reading")
                return .done(["pages": 3])
            }
            let requestID = try await bench.makeRecord()
            try expect(try await bench.send { $0.requestID = requestID }.status, is: 200, "status")
            let record = try await bench.record(requestID)
            try expect(record.status, is: .completed, "status of the record")
            try expect(record.progress, is: 100, "progress")
            try expect(record.phase, is: "reading", "phase")
            try expect(record.attempt, is: 1, "attempt")
            try expect(record.messageID, is: bench.message("1"), "message")
            try expect(record.resultData.flatMap { JSONValue.parse($0) }, is: ["pages": 3], "result")
        },
        AcceptanceCase("an intermediate failure is not shown as final, and progress stays") { storage in
            let bench = try JobBench("intermediate", storage) { _, context in
                if context.attempt == 1 {
                    try await context.report(progress: 60)
                    throw AcceptanceViolation("once")
                }
                try await context.report(progress: 10)
                return context.isFinalAttempt ? .failed(code: "gone", reason: "it is gone") : .retry(reason: "again")
            }
            let requestID = try await bench.makeRecord()
            try await bench.send { $0.requestID = requestID }
            let first = try await bench.record(requestID)
            try expect(first.status, is: .processing, "status after a failure that is retried")
            try expect(first.progress, is: 60, "progress after a failure")
            try expect(first.errorCode == nil, "an error is shown while a retry is due")
            try await bench.send {
                $0.requestID = requestID
                $0.retried = 1
            }
            let second = try await bench.record(requestID)
            try expect(second.progress, is: 60, "progress of the second attempt")
            try expect(second.attempt, is: 2, "attempt")
            try await bench.send {
                $0.requestID = requestID
                $0.retried = 3
            }
            let last = try await bench.record(requestID)
            try expect(last.status, is: .failed, "status after the final attempt")
            try expect(last.errorCode, is: "gone", "code")
            try expect(last.progress, is: 60, "progress of the failed job")
        },
        AcceptanceCase("a job that is cancelled before it begins is skipped") { storage in
            let bench = try JobBench("cancelled-before", storage)
            let requestID = try await bench.makeRecord()
            _ = try await storage.records.apply(.cancelled, to: requestID, now: bench.clock.now)
            let response = try await bench.send { $0.requestID = requestID }
            try expect(response.status, is: 200, "status")
            try expect(response.json, is: ["ok": true, "skipped": true, "reason": "cancelled"], "answer")
            try expect(bench.runCount, is: 0, "runs")
            try expect(try await bench.record(requestID).status, is: .cancelled, "status of the record")
        },
        AcceptanceCase("a job that is cancelled ends at its next report") { storage in
            let bench = try JobBench("cancelled-amid", storage) { _, context in
                guard let record = context.record else { return .failed(code: "none", reason: "no record") }
                try await context.report(progress: 10)
                _ = try await context.storage.records.apply(.cancelled, to: record.requestID, now: context.now)
                try await context.report(phase: "next")
                return .done
            }
            let requestID = try await bench.makeRecord()
            let response = try await bench.send { $0.requestID = requestID }
            try expect(response.json, is: ["ok": true, "skipped": true, "reason": "cancelled"], "answer")
            try expect(try await bench.record(requestID).status, is: .cancelled, "status of the record")
            try expect(try await bench.send().json, is: ["ok": true, "duplicate": true], "answer to another delivery")
        },
        AcceptanceCase("a job that is cancelled is ended by its heartbeat") { storage in
            let bench = try JobBench("cancelled-silent", storage) { _, _ in
                await Gate().wait()
                try Task.checkCancellation()
                return .done
            }
            let requestID = try await bench.makeRecord()
            async let first = bench.send { $0.requestID = requestID }
            await bench.clock.untilAsleep()
            _ = try await storage.records.apply(.cancelled, to: requestID, now: bench.clock.now)
            bench.clock.advance(by: .seconds(10))
            try expect(try await first.json?["reason"], is: "cancelled", "reason")
        },
        AcceptanceCase("a body that can never be handled fails its record") { storage in
            let bench = try JobBench("record-invalid", storage)
            let requestID = try await bench.makeRecord()
            try await bench.send {
                $0.requestID = requestID
                $0.body = Array("[]".utf8)
            }
            let record = try await bench.record(requestID)
            try expect(record.status, is: .failed, "status of the record")
            try expect(record.errorCode, is: "invalid_request", "code")
        },
        AcceptanceCase("a request id of another job's record is none of this one's") { storage in
            let bench = try JobBench("record-other", storage)
            let id = "00000000-0000-4000-8000-00000000feed"
            try await storage.records.create(
                JobRecord(id: id, requestID: "req-other", jobType: "another", createdAt: bench.clock.now)
            )
            try expect(try await bench.send { $0.requestID = "req-other" }.status, is: 200, "status")
            try expect(try await bench.record("req-other").status, is: .queued, "status of the other's record")
        },
    ]
}
