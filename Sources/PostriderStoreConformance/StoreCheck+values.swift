import PostriderCore
import QStashWire
import Testing

extension StoreCheck {
    /// Settings in which every field says something, some of it unusual.
    private static let fullSettings = MessageSettings(
        method: "PATCH",
        headers: [
            HeaderField(name: "Content-Type", value: "application/octet-stream"),
            HeaderField(name: "X-Twice", value: "one"),
            HeaderField(name: "X-Twice", value: "two"),
            HeaderField(name: "X-Empty", value: ""),
            HeaderField(name: "X-Wide", value: "grüße \u{1F680} \u{0} \t"),
            HeaderField(name: "X-Long", value: String(repeating: "v", count: 60_000)),
        ],
        retriesMax: .max,
        timeoutSeconds: 7_200,
        retryDelay: "min(pow(2, retried), 60) * 1000",
        callback: CallbackSettings(url: "https://example.com/callback"),
        failureCallback: CallbackSettings(
            url: "https://example.com/failure?x=ü",
            method: "PUT",
            headers: [HeaderField(name: "Authorization", value: "Bearer text")],
            retriesMax: 0,
            timeoutSeconds: 1,
            retryDelay: "",
            delaySeconds: .max
        ),
        flowControl: FlowControl(key: "key/with %", parallelism: 3, rate: 10, periodSeconds: 60),
        labels: ["", "one", "two words", String(repeating: "l", count: 1_000)],
        redact: RedactFields(body: true, allHeaders: false, headerNames: ["Authorization"]),
        callerIP: "2001:db8::1"
    )

    static let keepingValues: [StoreCheck] = [
        StoreCheck("settings come back as they were given") { store, sample in
            for settings in [fullSettings, MessageSettings(), MessageSettings(retriesMax: 0)] {
                let message = try sample.message(settings: settings)
                try await store.accept(message)
                #expect(try await store.message(message.key, account: .standard)?.settings == settings)
                #expect(try await store.load([message.key]).first?.message.settings == settings)
            }
        },
        StoreCheck("bodies come back byte for byte: empty, NUL, every byte, none of it UTF-8") { store, sample in
            for bytes: [UInt8] in [[], [0], Array(0...255), [0xff, 0xfe, 0x00, 0xc0, 0x80]] {
                let message = try sample.message(body: .bytes(bytes))
                try await store.accept(message)
                #expect(try await store.load([message.key]).first?.message.body == .bytes(bytes))
                var settlement = sample.delivered(message)
                settlement.attempt.responseBody = bytes
                settlement.attempt.responseHeaders = fullSettings.headers
                try await store.settleWaiting(settlement)
                #expect(try await store.message(message.key, account: .standard)?.body == .bytes(bytes))
                let attempt = try await store.attempt(settlement.attempt.key, account: .standard)
                #expect(attempt == settlement.attempt)
            }
        },
        StoreCheck("a body of 10 MiB comes back whole") { store, sample in
            let bytes = (0..<10_485_760).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let message = try sample.message(body: .bytes(bytes))
            try await store.accept(message)
            let loaded = try #require(try await store.load([message.key]).first)
            #expect(loaded.message.body == .bytes(bytes))
        },
        StoreCheck("a batch of 1,000 messages is stored as one") { store, sample in
            let messages = try (0..<1_000).map { number in
                try sample.message(
                    to: "https://host\(number % 50).example.com/\(number)",
                    body: .bytes([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 16_000))
                )
            }
            let results = try await store.accept(messages.map { Acceptance(message: $0) })
            #expect(results.count == 1_000)
            #expect(results.allSatisfy { $0 == .accepted })
            #expect(try await store.pendingKeys() == messages.map(\.key))
            let loaded = try await store.load(messages.map(\.key))
            #expect(loaded.map(\.message.facts) == messages.map(\.facts))
        },
        StoreCheck("callback sources come back with and without a dead letter") { store, sample in
            let id = DeadLetterID(failedAt: SampleSource.start, message: sample.key())
            for letter in [nil, id] {
                let source = CallbackSource(message: id.message, attempt: sample.key(), deadLetter: letter)
                let message = try sample.message(body: .callback(source))
                try await store.accept(message)
                #expect(try await store.message(message.key, account: .standard)?.body == .callback(source))
            }
        },
        StoreCheck("times and numbers at the ends of their range come back") { store, sample in
            let message = try sample.message(due: .max, createdAt: Timestamp(milliseconds: .min))
            try await store.accept(message)
            #expect(try await store.message(message.key, account: .standard)?.facts == message.facts)
            #expect(try await store.allPending().map(\.due) == [message.notBefore])
            var settlement = sample.retry(message, due: 0)
            settlement.attempt.retried = 1_000_000
            settlement.attempt.error = "\0\u{1F680}"
            settlement.attempt.nextDue = Timestamp(milliseconds: .max)
            try await store.settleWaiting(settlement)
            let attempt = try await store.attempt(settlement.attempt.key, account: .standard)
            #expect(attempt == settlement.attempt)
            #expect(try await store.allPending().map(\.due) == [Timestamp(milliseconds: .max)])
        },
        StoreCheck("urls that differ in their bytes alone are two destinations") { store, sample in
            for path in ["\u{e4}", "a\u{308}"] {
                let message = try sample.message(to: "https://example.com/\(path)")
                try await store.accept(message)
                let stored = try #require(try await store.message(message.key, account: .standard))
                #expect(Array(stored.destination.text.utf8) == Array(message.destination.text.utf8))
            }
        },
        StoreCheck("unusual account names and destinations come back") { store, sample in
            for name in ["", "two words", "ü/\u{1F680}", "O'Hara\"; --", String(repeating: "n", count: 1_000)] {
                let account = Account(name: name)
                let url = "https://example.com/'\"%2F//?\(name.utf8.count)"
                let message = try sample.message(to: url, account: account)
                try await store.accept(message)
                #expect(try await store.message(message.key, account: account)?.facts == message.facts)
                #expect(try await store.load([message.key]).first?.entry.lane == message.lane)
            }
        },
    ]
}
