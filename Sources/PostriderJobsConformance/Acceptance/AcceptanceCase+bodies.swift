import PostriderJobs

extension AcceptanceCase {
    /// Steps 3, 5, 7 and 8 of the contract.
    static let bodies: [AcceptanceCase] = [
        AcceptanceCase("oversize 489") { storage in
            let bench = try JobBench("oversize", storage, options: JobOptions(bodyBytesMax: 64))
            let text = String(repeating: "a", count: 64)
            let reads = JobBench.Tally()
            let announced = try await bench.send {
                $0.body = Array(#"{"text":"\#(text)","count":1}"#.utf8)
                $0.arrivingBody = RequestBody { _ in
                    reads.next()
                    return []
                }
            }
            try expectPermanent(announced, "payload_too_large")
            try expect(reads.value, is: 0, "reads of a body that is announced too large")
            let counted = try await bench.send {
                $0.body = Array(#"{"text":"\#(text)","count":1}"#.utf8)
                $0.arrivingBody = RequestBody($0.body)
                $0.fields = [("Content-Length", "10")]
            }
            try expectPermanent(counted, "payload_too_large")
            try expect(try await bench.deadLetters("1").isEmpty, "a body nobody verified is a dead letter")
        },
        AcceptanceCase("a body of exactly the limit passes") { storage in
            let body = #"{"text":"a","count":1}"#
            let bench = try JobBench("limit", storage, options: JobOptions(bodyBytesMax: body.utf8.count))
            try expect(try await bench.send().status, is: 200, "status")
        },
        AcceptanceCase("second read of body 489") { storage in
            let bench = try JobBench("second-read", storage)
            let response = try await bench.send {
                $0.arrivingBody = RequestBody { _ in throw AcceptanceViolation("the body was read before") }
            }
            try expectPermanent(response, "bad_request")
            try expect(bench.runCount, is: 0, "runs")
        },
        AcceptanceCase("missing message id 489") { storage in
            let bench = try JobBench("no-id", storage)
            let response = try await bench.send { $0.messageID = nil }
            try expectPermanent(response, "invalid_request")
            try expect(bench.runCount, is: 0, "runs")
        },
        AcceptanceCase("malformed JSON 489 and lock free") { storage in
            let bench = try JobBench("malformed", storage)
            for (name, text) in [("1", "{"), ("2", "{} {}"), ("3", "{\"text\":\"a\",}"), ("4", "")] {
                let response = try await bench.send(name) { $0.body = Array(text.utf8) }
                try expectPermanent(response, "invalid_request")
                try expect(try await bench.isFree(name), "message \(name) is still locked")
                try expect(try await bench.deadLetters(name).count, is: 1, "dead letters of message \(name)")
            }
            try expect(bench.runCount, is: 0, "runs")
        },
        AcceptanceCase("schema error 489 with issues") { storage in
            let bench = try JobBench("schema", storage)
            let types = try await bench.send("1") { $0.body = Array(#"{"text":7,"count":"x"}"#.utf8) }
            try expectPermanent(types, "invalid_request")
            let issues = types.json?["issues"]?.array ?? []
            try expect(Set(issues.map { $0["path"] }), is: [["text"], ["count"]], "paths of the issues")
            try expect(issues.allSatisfy { $0["code"] == "invalid_type" }, "a code is not invalid_type")
            let values = try await bench.send("2") { $0.body = Array(#"{"text":"a","count":-1}"#.utf8) }
            try expectPermanent(values, "invalid_request")
            try expect(values.json?["issues"]?.array?.first?["message"], is: "must not be negative", "message")
            try expect(try await bench.isFree("1"), "the message is still locked")
            try expect(try await bench.deadLetters("1").count, is: 1, "dead letters")
            try expect(bench.runCount, is: 0, "runs")
        },
        AcceptanceCase("the signature is checked before the body is parsed") { storage in
            let bench = try JobBench("signature-first", storage)
            let response = try await bench.send {
                $0.signingKey = "sig_a_key_of_somebody_else"
                $0.body = Array("{".utf8)
            }
            try expect(response.status, is: 401, "status")
            try expect(response.json?["issues"] == nil, "an unverified body is told what is wrong with it")
        },
    ]

    /// Throws unless an answer says that a message can never be handled.
    static func expectPermanent(_ response: JobResponse, _ code: String) throws(AcceptanceViolation) {
        try expect(response.status, is: 489, "status")
        try expect(response.field("Upstash-NonRetryable-Error"), is: "true", "Upstash-NonRetryable-Error")
        try expect(response.json?["error"], is: .string(code), "error")
        try expect(response.json?["reason"]?.string?.isEmpty == false, "there is no reason")
    }
}
