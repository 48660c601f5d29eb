import PostriderJobs

/// What hooks must do with an event.
extension HookChecks {
    static func duplicateIsAnsweredAndNotHandled(_ storage: JobStorage) async throws {
        let seen = HookNotes()
        let bench = try HookBench(storage, hook: "twice", noting: seen)
        let body = HookPayload.insert(id: 456)
        try await bench.send(body, to: "twice").demand(200, ["ok": true], "first")
        try await bench.send(body, to: "twice").demand(200, ["ok": true, "duplicate": true], "second")
        bench.clock.advance(by: .seconds(299))
        try await bench.send(body, to: "twice").demand(200, ["ok": true, "duplicate": true], "after 299 s")
        try expect(seen.all, is: ["trip_collaborators:INSERT:2026-03-02T08:15:30.120Z:456"], "handled events")
        bench.clock.advance(by: .seconds(1))
        try await bench.send(body, to: "twice").demand(200, ["ok": true], "after 300 s")
    }

    static func otherTableIsSkippedAndNotReserved(_ storage: JobStorage) async throws {
        let seen = HookNotes()
        let wrong = try HookBench(storage, hook: "tables", table: "file_attachments")
        let right = try HookBench(storage, hook: "tables", table: "trip_collaborators", noting: seen)
        let body = HookPayload.insert(id: 1)
        try await wrong.send(body, to: "tables").demand(200, ["ok": true, "skipped": true], "other table")
        try await wrong.send(body, to: "tables").demand(200, ["ok": true, "skipped": true], "other table again")
        try await right.send(body, to: "tables").demand(200, ["ok": true], "right table")
        try expect(seen.all.count, is: 1, "handled events")
    }

    static func twoHooksHearOfOneEvent(_ storage: JobStorage) async throws {
        let seen = HookNotes()
        let bench = try HookBench(storage) { routes in
            for name in ["hears-1", "hears-2"] {
                routes.databaseWebhook(name, signature: .hmac(HookBench.secret)) { _, _ in
                    seen.add(name)
                    return .done
                }
            }
        }
        for name in ["hears-1", "hears-2"] {
            try await bench.send(HookPayload.insert(id: 1), to: name).demand(200, ["ok": true], name)
        }
        try expect(seen.all, is: ["hears-1", "hears-2"], "hooks that handled the event")
    }

    static func handlerErrorsAreAnsweredByTheirKind(_ storage: JobStorage) async throws {
        struct Unforeseen: Error {}
        let kinds: [(any Error & Sendable, Int, String, String)] = [
            (WebhookError.invalidRequest(), 400, "VALIDATION_ERROR", "invalid_request"),
            (WebhookError.unauthorized(), 401, "UNAUTHORIZED", "unauthorized"),
            (WebhookError.notFound(), 404, "NOT_FOUND", "not_found"),
            (WebhookError.conflict(), 409, "CONFLICT", "conflict"),
            (WebhookError.rateLimited(retryAfter: .milliseconds(1_500)), 429, "RATE_LIMITED", "rate_limit_exceeded"),
            (WebhookError.upstream(), 502, "UPSTREAM_ERROR", "internal_error"),
            (WebhookError.unavailable(), 503, "SERVICE_UNAVAILABLE", "internal_error"),
            (WebhookError.timeout(), 504, "TIMEOUT", "internal_error"),
            (Unforeseen(), 500, "UNKNOWN", "internal_error"),
        ]
        for (number, (error, status, code, text)) in kinds.enumerated() {
            let bench = try HookBench(storage, hook: "errors") { _, _ in throw error }
            let answer = try await bench.send(HookPayload.insert(id: number), to: "errors")
            try answer.demand(status, code, text, "\(error)")
            try expect(answer.field("Retry-After"), is: status == 429 ? "2" : nil, "Retry-After")
        }
    }

    static func handlerFailureReleasesTheReservation(_ storage: JobStorage) async throws {
        for error in [WebhookError.upstream(), .unavailable(), .timeout(), .rateLimited(retryAfter: .seconds(1))] {
            let hook = "releases-\(error.status)"
            let failing = try HookBench(storage, hook: hook) { _, _ in throw error }
            try expect(
                try await failing.send(HookPayload.insert(id: 1), to: hook).status,
                is: error.status,
                "failing handler"
            )
            let working = try HookBench(storage, hook: hook)
            try await working.send(HookPayload.insert(id: 1), to: hook).demand(200, ["ok": true], "the sender's retry")
        }
        let refusing = try HookBench(storage, hook: "keeps") { _, _ in throw WebhookError.notFound() }
        try expect(try await refusing.send(HookPayload.insert(id: 1), to: "keeps").status, is: 404, "refusing handler")
        try await refusing.send(HookPayload.insert(id: 1), to: "keeps")
            .demand(200, ["ok": true, "duplicate": true], "the same event again")
    }

    static func storeDownIsUnavailable(_ storage: JobStorage) async throws {
        var down = storage
        down.ledger = DownStore()
        let seen = HookNotes()
        let bench = try HookBench(down, hook: "store-down", noting: seen)
        try await bench.send(HookPayload.insert(id: 1), to: "store-down")
            .demand(503, "SERVICE_UNAVAILABLE", "internal_error", "store down")
        try expect(seen.all, is: [], "handled events")
        let up = try HookBench(storage, hook: "store-down", noting: seen)
        try await up.send(HookPayload.insert(id: 1), to: "store-down").demand(200, ["ok": true], "the sender's retry")
    }

    static func bothSendersAreUnderstood(_ storage: JobStorage) async throws {
        let seen = HookNotes()
        let bench = try HookBench(storage, hook: "senders") { event, _ in
            seen.add("\(event.type.rawValue) \(event.row?["id"]?.integer ?? -1) \(event.oldRecord == nil)")
            return .done
        }
        let bodies = [
            // The platform's own webhook: no time, and the row of a DELETE in `old_record`.
            #"{"type":"INSERT","table":"trips","schema":"public","record":{"id":1},"old_record":null}"#,
            #"{"type":"UPDATE","table":"trips","schema":"public","record":{"id":2},"old_record":{"id":2,"a":1}}"#,
            #"{"type":"DELETE","table":"trips","schema":"public","record":null,"old_record":{"id":3}}"#,
            // A trigger: the time of the transaction, and the row of a DELETE in `record`.
            #"{"type":"INSERT","table":"trips","record":{"id":4},"occurred_at":"2026-03-02T08:15:30.120Z"}"#,
            #"{"type":"UPDATE","table":"trips","record":{"id":5},"old_record":{"id":5},"occurred_at":"2026-03-02T08:15:30+01:00"}"#,
            #"{"type":"DELETE","table":"trips","record":{"id":6},"old_record":null,"occurred_at":"2026-03-02T08:15:30Z"}"#,
        ]
        for body in bodies { try await bench.send(body, to: "senders").demand(200, ["ok": true], body) }
        try expect(
            seen.all,
            is: [
                "INSERT 1 true", "UPDATE 2 false", "DELETE 3 false", "INSERT 4 true", "UPDATE 5 false", "DELETE 6 true",
            ],
            "events"
        )
    }

    static func twoQuickUpdatesOfOneRowAreBothHandled(_ storage: JobStorage) async throws {
        let seen = HookNotes()
        let bench = try HookBench(storage, hook: "quick", noting: seen)
        // In one transaction, and without any time.
        for time in [#","occurred_at":"2026-03-02T08:15:30.120Z""#, ""] {
            for (old, new) in [("viewer", "editor"), ("editor", "owner")] {
                let body = """
                    {"type":"UPDATE","table":"trip_collaborators","record":{"id":1,"role":"\(new)"},\
                    "old_record":{"id":1,"role":"\(old)"}\(time)}
                    """
                try await bench.send(body, to: "quick").demand(200, ["ok": true], "\(old) to \(new)")
                try await bench.send(body, to: "quick").demand(200, ["ok": true, "duplicate": true], "the same again")
            }
        }
        try expect(Set(seen.all).count, is: 4, "different keys")
    }

    static func outcomesAreAnswered(_ storage: JobStorage) async throws {
        let bench = try HookBench(storage, hook: "outcomes") { event, _ in
            switch event.row?["id"]?.integer {
            case 1: .skipped(reason: "trip_not_found")
            case 2: .done(["enqueued": true, "ok": false])
            default: throw JobsError(.publishFailed, "the broker is away")
            }
        }
        try await bench.send(HookPayload.insert(id: 1), to: "outcomes")
            .demand(200, ["ok": true, "skipped": true, "reason": "trip_not_found"], "trip missing")
        try await bench.send(HookPayload.insert(id: 2), to: "outcomes")
            .demand(200, ["ok": true, "enqueued": true], "enqueued")
        try await bench.send(HookPayload.insert(id: 3), to: "outcomes")
            .demand(503, "SERVICE_UNAVAILABLE", "internal_error", "publish failure")
        try await bench.send(HookPayload.insert(id: 3), to: "outcomes")
            .demand(503, "SERVICE_UNAVAILABLE", "internal_error", "publish failure again")
    }
}
