import QStashWire
import Testing

func fields(_ pairs: [(String, String)]) -> [HeaderField] {
    pairs.map { HeaderField(name: $0.0, value: $0.1) }
}

func options(
    _ headers: [(String, String)],
    query: [(String, String)] = [],
    limits: WireLimits = WireLimits()
) throws -> PublishOptions {
    try PublishOptions.parse(headers: fields(headers), query: fields(query), limits: limits)
}

func refusal(_ headers: [(String, String)], query: [(String, String)] = []) -> WireError? {
    #expect(throws: WireError.self) { try options(headers, query: query) }
}

@Suite struct PublishOptionsTests {
    @Test func aRequestWithoutOptionsHasTheDefaults() throws {
        let plain = try options([("Host", "x"), ("Authorization", "Bearer t"), ("User-Agent", "curl")])
        #expect(plain == PublishOptions())
        #expect(plain.method == "POST")
        #expect(plain.headers.isEmpty)
    }

    @Test func theWorkedExampleIsRead() throws {
        let parsed = try options([
            ("Host", "qstash.upstash.io"), ("Authorization", "Bearer t"), ("Content-Type", "application/json"),
            ("Upstash-Method", "POST"), ("Upstash-Retries", "2"), ("Upstash-Retry-Delay", "1000 * (1 + retried)"),
            ("Upstash-Timeout", "30s"), ("Upstash-Forward-X-Trace", "abc"),
            ("Upstash-Failure-Callback", "https://api.example.com/failed"),
            ("Upstash-Failure-Callback-Forward-X-Team", "ops"), ("Upstash-Label", "billing,eu"),
        ])
        var expected = PublishOptions()
        expected.headers = fields([("Content-Type", "application/json"), ("X-Trace", "abc")])
        expected.retries = 2
        expected.retryDelay = try RetryDelayExpression(parsing: "1000 * (1 + retried)")
        expected.timeoutSeconds = 30
        expected.failureCallback = CallbackOptions(
            url: try DestinationURL(parsing: "https://api.example.com/failed"),
            headers: fields([("X-Team", "ops")])
        )
        expected.labels = ["billing", "eu"]
        #expect(parsed == expected)
    }

    @Test func everyOptionIsReadInAnyCase() throws {
        let parsed = try options([
            ("upstash-method", "put"), ("UPSTASH-TIMEOUT", "1h"), ("upstash-retries", "0"),
            ("upstash-retry-delay", "5"),
            ("upstash-delay", "1d"), ("upstash-not-before", "1700000000"), ("upstash-deduplication-id", "a b/c"),
            ("upstash-content-based-deduplication", "True"), ("upstash-flow-control-key", "k"),
            ("upstash-flow-control-value", "rate=2"), ("upstash-redact-fields", "body"),
            ("upstash-cron", " */10 * * * * "), ("upstash-schedule-id", "nightly"), ("upstash-queue-name", "q.1"),
            ("upstash-callback", "http://a.test/cb"), ("upstash-header-forward", "FALSE"),
        ])
        #expect(parsed.method == "PUT")
        #expect(parsed.timeoutSeconds == 3_600)
        #expect(parsed.retries == 0)
        #expect(parsed.retryDelay?.text == "5")
        #expect(parsed.delaySeconds == 86_400)
        #expect(parsed.notBeforeSeconds == 1_700_000_000)
        #expect(parsed.deduplicationID == "a b/c")
        #expect(parsed.isContentBasedDeduplication)
        #expect(parsed.flowControl == FlowControl(key: "k", rate: 2))
        #expect(parsed.redact == RedactFields(body: true))
        #expect(parsed.cron == "*/10 * * * *")
        #expect(parsed.scheduleID == "nightly")
        #expect(parsed.queueName == "q.1")
        #expect(parsed.callback?.url.text == "http://a.test/cb")
        #expect(!parsed.isHeaderForwardAll)
    }

    @Test(
        arguments: [
            ("Upstash-Method", "HEAD", .methodInvalid), ("Upstash-Method", "PO ST", .methodInvalid),
            ("Upstash-Retries", "-1", .retriesInvalid), ("Upstash-Retries", "2.0", .retriesInvalid),
            ("Upstash-Retries", "three", .retriesInvalid), ("Upstash-Delay", "-5s", .durationInvalid),
            ("Upstash-Delay", "99999999999999999999d", .durationInvalid), ("Upstash-Timeout", "0s", .timeoutInvalid),
            ("Upstash-Timeout", "soon", .durationInvalid), ("Upstash-Not-Before", "tomorrow", .notBeforeInvalid),
            ("Upstash-Not-Before", "-1", .notBeforeInvalid), ("Upstash-Retry-Delay", "1 +", .expressionInvalid),
            ("Upstash-Retry-Delay", "1 / retried", .expressionInvalid),
            ("Upstash-Deduplication-Id", "a:b", .deduplicationIDInvalid),
            ("Upstash-Content-Based-Deduplication", "yes", .booleanInvalid),
            ("Upstash-Callback", "a.test", .callbackInvalid),
            ("Upstash-Callback", "https://u@a.test", .callbackInvalid),
            ("Upstash-Failure-Callback", "x", .callbackInvalid),
            ("Upstash-Flow-Control-Key", "k", .flowControlInvalid),
            ("Upstash-Flow-Control-Value", "rate=1", .flowControlInvalid),
            ("Upstash-Redact-Fields", "everything", .redactInvalid), ("Upstash-Schedule-Id", "a/b", .nameInvalid),
            ("Upstash-Queue-Name", "a b", .nameInvalid), ("Upstash-Cron", "* * * * ä", .cronInvalid),
            ("Upstash-Header-Forward", "1", .booleanInvalid), ("Upstash-Callback-Retries", "x", .retriesInvalid),
            ("Upstash-Callback-Delay", "x", .durationInvalid), ("Upstash-Failure-Callback-Method", "x", .methodInvalid),
            ("Upstash-Deduplication-Id", String(repeating: "x", count: 513), .deduplicationIDInvalid),
            ("Upstash-Label", String(repeating: "x", count: 257), .labelInvalid),
            ("Upstash-Cron", String(repeating: "*", count: 257), .cronInvalid),
            ("Upstash-Redact-Fields", String(repeating: ",", count: 100_000), .headersTooLarge),
        ] as [(String, String, WireError.Code)]
    )
    func aBadOptionIsRefusedByName(name: String, value: String, code: WireError.Code) {
        for error in [refusal([(name, value)]), refusal([], query: [(name.lowercased(), value)])] {
            #expect(error?.code == code)
            #expect(error?.status == 400)
            #expect(error?.message.contains(name) == true || error?.message.contains("DeduplicationId") == true)
        }
    }

    @Test(arguments: [
        "Upstash-Method", "Upstash-Retries", "Upstash-Delay", "Upstash-Callback", "Upstash-Deduplication-Id",
        "Upstash-Flow-Control-Key", "Upstash-Redact-Fields", "Upstash-Callback-Timeout", "Upstash-Cron",
        "Upstash-Content-Based-Deduplication",
    ])
    func anEmptyOptionIsRefused(name: String) {
        for value in ["", " ", "\t"] {
            #expect(refusal([(name, value)])?.code == .headerValueEmpty)
        }
    }

    @Test func anEmptyListOfLabelsIsWhatClientsSendForNone() throws {
        #expect(try options([("Upstash-Label", ""), ("Content-Type", "")]) == PublishOptions())
    }

    @Test func quotasAre412WithTheTextsThatClientsKnow() {
        let retries = refusal([("Upstash-Retries", "101")])
        #expect(retries == WireError(.retriesTooMany, "quota maxRetries exceeded, current limit: 100", status: 412))
        #expect(refusal([("Upstash-Retries", String(repeating: "9", count: 50))])?.status == 412)
        let delay = refusal([("Upstash-Delay", "366d")])
        #expect(delay == WireError(.delayTooLong, "quota maxDelay exceeded, current limit: 31536000", status: 412))
        #expect(refusal([("Upstash-Deduplication-Id", "a:b")])?.message == "DeduplicationId cannot contain ':'")
    }

    @Test func aTimeoutAboveTheLimitIsShortened() throws {
        #expect(try options([("Upstash-Timeout", "3d")]).timeoutSeconds == 7_200)
    }

    @Test func headersWinOverTheQuery() throws {
        let parsed = try options(
            [("Upstash-Retries", "1"), ("Upstash-Forward-X-A", "header"), ("Upstash-Flow-Control-Key", "k")],
            query: [
                ("upstash-retries", "2"), ("upstash-delay", "5s"), ("upstash-forward-x-a", "query"),
                ("upstash-forward-x-b", "query"), ("upstash-forward-x-b", "again"),
                ("upstash-flow-control-value", "rate=1"),
                ("content-type", "text/plain"),
            ]
        )
        #expect(parsed.retries == 1)
        #expect(parsed.delaySeconds == 5)
        #expect(parsed.headers == fields([("X-A", "header"), ("X-B", "query"), ("X-B", "again")]))
        #expect(parsed.flowControl?.rate == 1)
    }

    @Test func repeatedOptionsMustAgreeAndListsAddUp() throws {
        let parsed = try options([
            ("Upstash-Retries", "1"), ("upstash-retries", " 1"), ("Upstash-Label", "a,b"), ("Upstash-Label", "b,c"),
        ])
        #expect(parsed.retries == 1)
        #expect(parsed.labels == ["a", "b", "c"])
        #expect(refusal([("Upstash-Retries", "1"), ("Upstash-Retries", "2")])?.code == .headerRepeated)
        #expect(refusal([("Content-Type", "a/b"), ("content-type", "c/d")])?.code == .headerRepeated)
    }

    @Test func unknownAndTelemetryHeadersAreIgnored() throws {
        let parsed = try options([
            ("Upstash-Telemetry-Sdk", "x\n"), ("Upstash-Telemetry-Runtime", ""), ("Upstash-Brand-New", "x"),
            ("Upstash-Workflow-Id", "x"), ("Upstash-", "x"), ("Upstash-Callback-Label", "x"), ("", "x"), ("X-A", "\0"),
        ])
        #expect(parsed == PublishOptions())
    }

    @Test func anExpressionIsTriedForTheRetriesThatCanHappen() throws {
        let expression = "1000 / (5 - retried)"
        #expect(try options([("Upstash-Retry-Delay", expression)]).retryDelay?.text == expression)
        #expect(refusal([("Upstash-Retry-Delay", expression), ("Upstash-Retries", "6")])?.code == .expressionInvalid)
        let callback = [("Upstash-Callback", "http://a.test"), ("Upstash-Callback-Retry-Delay", expression)]
        #expect(refusal(callback + [("Upstash-Callback-Retries", "6")])?.code == .expressionInvalid)
        #expect(refusal(callback + [("Upstash-Retries", "6")])?.code == .expressionInvalid)
    }

    @Test(
        arguments: [
            (nil, nil, 1_000_000), (5, nil, 1_005_000), (5, 2_000, 2_000_000), (5, 1, 1_000_000),
            (nil, 31_537_000, 31_537_000_000),
        ] as [(Int64?, Int64?, Int64)]
    )
    func notBeforeWinsOverDelay(delay: Int64?, notBefore: Int64?, time: Int64) throws {
        var given = PublishOptions()
        given.delaySeconds = delay
        given.notBeforeSeconds = notBefore
        #expect(try given.notBeforeMilliseconds(nowMilliseconds: 1_000_000) == time)
    }

    @Test(arguments: [31_537_001, 1_700_000_000_000, Int64.max])
    func aTimeTooFarAheadIs412(notBefore: Int64) throws {
        var given = PublishOptions()
        given.notBeforeSeconds = notBefore
        let error = #expect(throws: WireError.self) { try given.notBeforeMilliseconds(nowMilliseconds: 1_000_000) }
        #expect(error == WireError(.delayTooLong, "quota maxDelay exceeded, current limit: 31536000", status: 412))
    }

    @Test func aTimeOfAnyLengthIsReadWithoutOverflow() throws {
        let parsed = try options([("Upstash-Not-Before", String(repeating: "9", count: 40))])
        #expect(throws: WireError.self) { try parsed.notBeforeMilliseconds(nowMilliseconds: 0) }
        #expect(throws: Never.self) { try PublishOptions().notBeforeMilliseconds(nowMilliseconds: .max) }
    }
}
