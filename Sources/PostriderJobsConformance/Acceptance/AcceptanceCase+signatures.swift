import PostriderJobs

extension AcceptanceCase {
    /// Steps 1, 2 and 4 of the contract.
    static let signatures: [AcceptanceCase] = [
        AcceptanceCase("missing signature 401 before body read") { storage in
            let bench = try JobBench("missing-signature", storage)
            let reads = JobBench.Tally()
            let response = try await bench.send {
                $0.signingKey = nil
                $0.arrivingBody = RequestBody { _ in
                    reads.next()
                    return []
                }
            }
            try expect(response.status, is: 401, "status")
            try expect(response.json?["error"], is: "unauthorized", "error")
            try expect(reads.value, is: 0, "reads of the body")
            try expect(bench.runCount, is: 0, "runs")
        },
        AcceptanceCase("wrong signature 401") { storage in
            let bench = try JobBench("wrong-signature", storage)
            let response = try await bench.send { $0.signingKey = "sig_a_key_of_somebody_else" }
            try expect(response.status, is: 401, "status")
            try expect(response.json?["error"], is: "unauthorized", "error")
            try expect(try await bench.isFree("1"), "an unverified message holds a lock")
            try expect(try await bench.deadLetters("1").isEmpty, "an unverified message is a dead letter")
        },
        AcceptanceCase("signature for another path 401") { storage in
            let bench = try JobBench("other-path", storage)
            var other = bench.delivery()
            other.path = "/api/jobs/another"
            let signature = other.signature(issuedAt: bench.clock.now) ?? ""
            let response = try await bench.send {
                $0.signingKey = nil
                $0.fields = [("Upstash-Signature", signature)]
            }
            try expect(response.status, is: 401, "status")
        },
        AcceptanceCase("signature that has expired 401") { storage in
            let bench = try JobBench("expired", storage)
            let request = bench.delivery().request(issuedAt: bench.clock.now)
            bench.clock.advance(by: .seconds(331))
            try expect(await bench.server.respond(to: request)?.status, is: 401, "status 331 s after the issue")
            let late = bench.delivery("2").request(issuedAt: bench.clock.now)
            bench.clock.advance(by: .seconds(329))
            try expect(await bench.server.respond(to: late)?.status, is: 200, "status 329 s after the issue")
        },
        AcceptanceCase("signature with next key accepted") { storage in
            let bench = try JobBench("next-key", storage)
            let response = try await bench.send { $0.signingKey = JobBench.nextKey }
            try expect(response.status, is: 200, "status")
            try expect(bench.runCount, is: 1, "runs")
        },
        AcceptanceCase("body changed by one byte 401") { storage in
            let bench = try JobBench("changed-body", storage)
            let response = try await bench.send {
                var body = $0.body
                body[9] ^= 1
                $0.arrivingBody = RequestBody(body)
            }
            try expect(response.status, is: 401, "status")
            try expect(bench.runCount, is: 0, "runs")
        },
        AcceptanceCase("missing current key 500") { storage in
            let bench = try JobBench("no-keys", storage, signingKeys: SigningKeySource { (nil, JobBench.nextKey) })
            let response = try await bench.send()
            try expect(response.status, is: 500, "status")
            try expect(response.json?["error"], is: "configuration_error", "error")
            try expect(bench.runCount, is: 0, "runs")
        },
        AcceptanceCase("next key missing alerts once") { storage in
            let bench = try JobBench(
                "no-next-key",
                storage,
                signingKeys: .fixed(current: JobBench.currentKey)
            )
            let alert = "qstash.next_signing_key_missing"
            for name in ["1", "2", "3"] {
                try expect(try await bench.send(name).status, is: 200, "status of message \(name)")
            }
            try expect(bench.alerts, is: [alert], "alerts of three deliveries")
            bench.clock.advance(by: .seconds(6 * 3_600))
            try await bench.send("4")
            try expect(bench.alerts, is: [alert, alert], "alerts six hours later")
        },
        AcceptanceCase("keys may rotate between two deliveries") { storage in
            let keys = KeyRing()
            let bench = try JobBench("rotation", storage, signingKeys: SigningKeySource { keys.pair })
            try expect(try await bench.send("1").status, is: 200, "status before")
            keys.rotate()
            try expect(try await bench.send("2").status, is: 401, "status with the key that is gone")
            let response = try await bench.send("3") { $0.signingKey = JobBench.nextKey }
            try expect(response.status, is: 200, "status with the key that was next")
        },
        AcceptanceCase("no header turns verification off") { storage in
            let bench = try JobBench("no-bypass", storage)
            let names = [
                "X-Development", "X-Skip-Verification", "X-Dev-Mode", "X-Bypass-Signature", "Upstash-Development",
                "X-Forwarded-Host", "X-Test", "Authorization",
            ]
            for name in names {
                let response = try await bench.send {
                    $0.signingKey = nil
                    $0.fields = [(name, "true")]
                }
                try expect(response.status, is: 401, "status with \(name)")
            }
            try expect(bench.runCount, is: 0, "runs")
        },
    ]
}
