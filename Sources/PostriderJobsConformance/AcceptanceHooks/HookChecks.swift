import HTTPTypes
import PostriderJobs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What hooks must do, whatever the storage: the checks before the event is read.
enum HookChecks {
    static func hundredPassAndTheNextIsRefused(_ storage: JobStorage) async throws {
        let bench = try HookBench(storage, hook: "rate")
        for number in 0..<100 {
            let answer = try await bench.send(HookPayload.insert(id: number), to: "rate")
            try answer.demand(200, ["ok": true], "request \(number + 1)")
            try expect(answer.field("X-RateLimit-Limit"), is: "100", "limit")
            try expect(answer.field("X-RateLimit-Remaining"), is: "\(99 - number)", "remaining")
        }
        let refused = try await bench.send(HookPayload.insert(id: 100), to: "rate")
        try refused.demand(429, "RATE_LIMITED", "rate_limit_exceeded", "request 101")
        try expect(refused.field("X-RateLimit-Remaining"), is: "0", "remaining of the refusal")
        let reset = Int64((bench.clock.now.timeIntervalSince1970 / 60).rounded(.down) * 60 + 60) * 1_000
        try expect(refused.field("X-RateLimit-Reset"), is: "\(reset)", "reset in milliseconds")
        try expect(refused.field("Retry-After"), is: "60", "Retry-After")
        let other = try await bench.send(HookPayload.insert(id: 101), to: "rate", address: "192.0.2.2")
        try other.demand(200, ["ok": true], "another address")
        bench.clock.advance(by: .seconds(120))
        let later = try await bench.send(HookPayload.insert(id: 102), to: "rate")
        try later.demand(200, ["ok": true], "two minutes later")
    }

    static func limiterDownIsUnavailable(_ storage: JobStorage) async throws {
        var storage = storage
        storage.rateLimits = DownStore()
        let seen = HookNotes()
        let bench = try HookBench(storage, hook: "limiter-down", noting: seen)
        let answer = try await bench.send(HookPayload.insert(id: 1), to: "limiter-down")
        try answer.demand(503, "SERVICE_UNAVAILABLE", "internal_error", "limiter down")
        try expect(seen.all, is: [], "handled events")
    }

    static func oneByteTooManyIsTooLarge(_ storage: JobStorage) async throws {
        let bench = try HookBench(storage, hook: "size")
        let frame = HookPayload.insert(id: 1, note: "")
        let most = HookPayload.insert(id: 1, note: String(repeating: "x", count: 65_536 - frame.utf8.count))
        let more = HookPayload.insert(id: 1, note: String(repeating: "x", count: 65_537 - frame.utf8.count))
        try expect(more.utf8.count, is: 65_537, "size of the body")
        try await bench.send(more, to: "size").demand(413, "VALIDATION_ERROR", "payload_too_large", "64 KiB + 1")
        try await bench.send("{}", to: "size", fields: [.contentLength: "65537"])
            .demand(413, "VALIDATION_ERROR", "payload_too_large", "announced 64 KiB + 1")
        try await bench.send(most, to: "size").demand(200, ["ok": true], "64 KiB")
    }

    static func missingSecretIsUnavailable(_ storage: JobStorage) async throws {
        for secret in [nil, "", "thirty-one characters are few.."] {
            let bench = try HookBench(storage, hook: "no-secret", secret: secret)
            try await bench.send(HookPayload.insert(id: 1), to: "no-secret")
                .demand(503, "SERVICE_UNAVAILABLE", "internal_error", "no secret")
            try await bench.send(HookPayload.insert(id: 1), to: "no-secret", signature: "")
                .demand(503, "SERVICE_UNAVAILABLE", "internal_error", "no secret and no signature")
        }
    }

    static func wrongSignatureIsUnauthorized(_ storage: JobStorage) async throws {
        let seen = HookNotes()
        let bench = try HookBench(storage, hook: "signed", noting: seen)
        let body = HookPayload.insert(id: 1)
        let right = try HMACSignature(secret: HookBench.secret).sign(Array(body.utf8))
        let other = try HMACSignature(secret: HookBench.secret + "!").sign(Array(body.utf8))
        let wrong = [
            "", other, String(right.dropLast()), right + "00", "zz" + right.dropFirst(2), "\(right), \(right)",
        ]
        for signature in wrong {
            try await bench.send(body, to: "signed", signature: signature)
                .demand(401, "UNAUTHORIZED", "invalid_signature", "signature \(signature)")
        }
        try await bench.send(HookPayload.insert(id: 2), to: "signed", signature: right)
            .demand(401, "UNAUTHORIZED", "invalid_signature", "another body")
        try expect(seen.all, is: [], "handled events")
        try await bench.send(body, to: "signed", signature: right.uppercased())
            .demand(200, ["ok": true], "upper-case digits")
    }

    static func noHeaderSwitchesTheSignatureOff(_ storage: JobStorage) async throws {
        let bench = try HookBench(storage, hook: "no-switch")
        let names = [
            "X-Skip-Signature", "X-Test-Mode", "X-Development", "X-Internal", "Upstash-Test", "X-QStash-Dev",
            "X-Vercel-Protection-Bypass", "X-Supabase-Trigger", "X-Event-Type", "X-Table",
        ]
        for name in names {
            guard let name = HTTPField.Name(name) else { throw AcceptanceViolation("\(name) is no field name") }
            try await bench.send(HookPayload.insert(id: 1), to: "no-switch", signature: "", fields: [name: "true"])
                .demand(401, "UNAUTHORIZED", "invalid_signature", "\(name)")
        }
    }

    static func nothingIsParsedBeforeTheSignatureHolds(_ storage: JobStorage) async throws {
        let bench = try HookBench(storage, hook: "unparsed")
        for body in ["", "{", "[1]", #"{"type":"NONE"}"#, HookPayload.insert(id: 1)] {
            try await bench.send(body, to: "unparsed", signature: "00")
                .demand(401, "UNAUTHORIZED", "invalid_signature", "unsigned \(body)")
        }
    }

    static func badJSONIsRefused(_ storage: JobStorage) async throws {
        let bench = try HookBench(storage, hook: "json")
        for body in ["", "{", "{'type':1}", #"{"type":"INSERT""#, "\u{FEFF}{}", HookPayload.insert(id: 1) + "}"] {
            try await bench.send(body, to: "json").demand(400, "VALIDATION_ERROR", "invalid_request", "bad JSON")
        }
    }

    static func badShapeIsRefused(_ storage: JobStorage) async throws {
        let bench = try HookBench(storage, hook: "shape")
        let bodies = [
            "null", "[]", "{}", #"{"type":"INSERT","record":{}}"#, #"{"type":"TRUNCATE","table":"trips","record":{}}"#,
            #"{"type":"INSERT","table":"","record":{}}"#, #"{"type":"INSERT","table":"trips"}"#,
            #"{"type":"INSERT","table":"trips","record":[]}"#, #"{"type":"INSERT","table":7,"record":{}}"#,
            #"{"type":"INSERT","table":"trips","record":{},"old_record":"x"}"#,
            #"{"type":"INSERT","table":"trips","record":{},"schema":1}"#,
            #"{"type":"INSERT","table":"trips","record":{},"occurred_at":"yesterday"}"#,
            #"{"type":"INSERT","table":"trips","record":{},"occurred_at":"2026-02-30T08:15:30Z"}"#,
        ]
        for body in bodies {
            try await bench.send(body, to: "shape").demand(400, "VALIDATION_ERROR", "invalid_request", body)
        }
    }
}
