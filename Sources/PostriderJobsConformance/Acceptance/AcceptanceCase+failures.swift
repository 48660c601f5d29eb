import PostriderJobs

extension AcceptanceCase {
    /// Step 10 of the contract: how handlers fail.
    static let failures: [AcceptanceCase] = [
        AcceptanceCase("handler throws 500, lock free, retry succeeds") { storage in
            let bench = try JobBench("throws", storage) { _, context in
                if context.attempt == 1 { throw AcceptanceViolation("a secret of the provider's") }
                return .done
            }
            let first = try await bench.send()
            try expect(first.status, is: 500, "status of the first")
            try expect(first.json?["error"], is: "internal", "error of the first")
            try expect(first.json?["reason"]?.string?.contains("secret") == false, "the error's text is answered")
            try expect(first.field("Upstash-NonRetryable-Error") == nil, "a failure that may pass is called permanent")
            try expect(try await bench.isFree("1"), "the message is still locked")
            let second = try await bench.send { $0.retried = 1 }
            try expect(second.status, is: 200, "status of the second")
            try expect(bench.runCount, is: 2, "runs")
        },
        AcceptanceCase("a permanent failure 489 at once, lock free, dead letter listed") { storage in
            let bench = try JobBench("permanent", storage) { note, _ in
                if note.text == "thrown" { throw JobFailure.permanent("file_missing", "the file was deleted") }
                return .failed(code: "file_missing", reason: "the file was deleted", extras: ["file": "a"])
            }
            let returned = try await bench.send("1")
            try expectPermanent(returned, "file_missing")
            try expect(returned.json?["file"], is: "a", "extra")
            let thrown = try await bench.send("2") { $0.body = Array(#"{"text":"thrown","count":1}"#.utf8) }
            try expectPermanent(thrown, "file_missing")
            for name in ["1", "2"] {
                try expect(try await bench.isFree(name), "message \(name) is still locked")
                let entries = try await bench.deadLetters(name)
                try expect(entries.map(\.errorCode), is: ["file_missing"], "dead letters of message \(name)")
                try expect(entries.first?.attempts, is: 1, "attempts of message \(name)")
            }
            try expect(
                bench.alerts,
                is: ["qstash.dlq_entry_created", "qstash.dlq_entry_created"],
                "alerts"
            )
        },
        AcceptanceCase("retry after a while 500 with Retry-After") { storage in
            let bench = try JobBench("retry-after", storage) { _, _ in
                .retry(after: .milliseconds(61_500), reason: "the provider asks to wait")
            }
            let response = try await bench.send()
            try expect(response.status, is: 500, "status")
            try expect(response.json?["error"], is: "internal", "error")
            try expect(response.field("Retry-After"), is: "62", "Retry-After in whole seconds")
            try expect(try await bench.isFree("1"), "the message is still locked")
        },
        AcceptanceCase("no dead letter while a retry is due, one at the final attempt") { storage in
            let bench = try JobBench("final", storage) { _, _ in throw AcceptanceViolation("never") }
            for retried in 0..<3 {
                try await bench.send { $0.retried = retried }
                try expect(try await bench.deadLetters("1").count, is: 0, "dead letters after retry \(retried)")
            }
            try await bench.send { $0.retried = 3 }
            let entries = try await bench.deadLetters("1")
            try expect(entries.map(\.attempts), is: [4], "attempts of the dead letter")
            try expect(entries.first?.errorCode, is: "internal", "code of the dead letter")
            try expect(entries.first?.payload, is: #"{"count":1,"text":"a"}"#, "payload of the dead letter")
        },
        AcceptanceCase("the message's own retry limit decides which attempt is final") { storage in
            let bench = try JobBench("own-limit", storage) { _, context in
                throw JobFailure.retry(reason: context.isFinalAttempt ? "final" : "not final")
            }
            for (retried, maxRetries, reason) in [
                (0, 1, "not final"), (1, 1, "final"), (3, 5, "not final"), (0, 0, "final"),
            ] {
                let response = try await bench.send("\(retried)-\(maxRetries)") {
                    $0.retried = retried
                    $0.maxRetries = maxRetries
                }
                try expect(response.json?["reason"], is: .string(reason), "retry \(retried) of \(maxRetries)")
                let count = try await bench.deadLetters("\(retried)-\(maxRetries)").count
                try expect(count, is: reason == "final" ? 1 : 0, "dead letters at retry \(retried) of \(maxRetries)")
            }
        },
        AcceptanceCase("a dead letter's payload shows nothing secret or personal") { storage in
            let bench = try JobBench("redaction", storage) { _, _ in .failed(code: "no", reason: "never") }
            let body = #"{"text":"a","count":1,"user":{"Email":"a@b.c","accessToken":"t","list":[{"name":"n"}]}}"#
            try await bench.send { $0.body = Array(body.utf8) }
            let expected =
                #"{"count":1,"text":"a","user":{"Email":"[REDACTED]","accessToken":"[REDACTED]","#
                + #""list":[{"name":"[REDACTED]"}]}}"#
            try expect(try await bench.deadLetters("1").first?.payload, is: expected, "payload")
        },
        AcceptanceCase("a handler that takes too long is cancelled and tried again") { storage in
            let bench = try JobBench("timeout", storage, options: JobOptions(timeout: .seconds(5))) { _, _ in
                await Gate().wait()
                try Task.checkCancellation()
                return .done
            }
            async let first = bench.send()
            await bench.clock.untilAsleep()
            bench.clock.advance(by: .seconds(5))
            try expect(try await first.status, is: 500, "status")
            try expect(try await bench.isFree("1"), "the message is still locked")
        },
        AcceptanceCase("skipped work 200 and remembered") { storage in
            let bench = try JobBench("skipped", storage) { _, _ in .skipped(reason: "unchanged", ["seen": 2]) }
            let response = try await bench.send()
            try expect(response.status, is: 200, "status")
            try expect(
                response.json,
                is: ["ok": true, "skipped": true, "reason": "unchanged", "seen": 2],
                "answer"
            )
            try expect(try await bench.send().json, is: ["ok": true, "duplicate": true], "second answer")
        },
        AcceptanceCase("a request whose client is gone gives its lock back") { storage in
            let entered = Gate()
            let bench = try JobBench("gone", storage) { _, _ in
                entered.open()
                await Gate().wait()
                try Task.checkCancellation()
                return .done
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await bench.send() }
                await entered.wait()
                group.cancelAll()
                try await group.waitForAll()
            }
            try expect(try await bench.isFree("1"), "the message is still locked")
        },
    ]
}
