import QStashWire
import Testing

@Suite struct CallbackTests {
    @Test func callbacksHaveTheirOwnOptionsAndHeaders() throws {
        let parsed = try options([
            ("Upstash-Callback", "https://a.test/cb"), ("Upstash-Callback-Method", "PUT"),
            ("Upstash-Callback-Retries", "1"),
            ("Upstash-Callback-Timeout", "9h"), ("Upstash-Callback-Retry-Delay", "7"), ("Upstash-Callback-Delay", "5s"),
            ("Upstash-Callback-Forward-x-a", "1"), ("Upstash-Callback-Forward-Content-Type", "a/b"),
            ("Upstash-Failure-Callback", "https://a.test/fail"), ("upstash-failure-callback-retries", "0"),
            ("Upstash-Failure-Callback-Forward-X-B", "2"), ("Upstash-Retries", "4"),
        ])
        #expect(
            parsed.callback
                == CallbackOptions(
                    url: try DestinationURL(parsing: "https://a.test/cb"),
                    method: "PUT",
                    headers: fields([("X-A", "1"), ("Content-Type", "a/b")]),
                    retries: 1,
                    retryDelay: try RetryDelayExpression(parsing: "7"),
                    timeoutSeconds: 7_200,
                    delaySeconds: 5
                )
        )
        #expect(
            parsed.failureCallback
                == CallbackOptions(
                    url: try DestinationURL(parsing: "https://a.test/fail"),
                    headers: fields([("X-B", "2")]),
                    retries: 0
                )
        )
        #expect(parsed.retries == 4)
        #expect(parsed.headers.isEmpty)
    }

    @Test(arguments: [
        "Upstash-Callback-Callback", "Upstash-Callback-Failure-Callback", "Upstash-Failure-Callback-Callback",
        "Upstash-Failure-Callback-Failure-Callback", "upstash-callback-callback-forward-x",
        "Upstash-Callback-Callback-Retries",
        "Upstash-Failure-Callback-Failure-Callback-Forward-X",
    ])
    func aCallbackHasNoCallback(name: String) {
        let error = refusal([("Upstash-Callback", "https://a.test"), (name, "https://b.test")])
        #expect(error?.code == .callbackNested)
        #expect(error?.message.hasPrefix("Upstash-") == true)
    }

    @Test func optionsWithoutACallbackAreCheckedAndHaveNoEffect() throws {
        #expect(
            try options([("Upstash-Callback-Retries", "1"), ("Upstash-Callback-Forward-X", "y")]) == PublishOptions()
        )
        #expect(refusal([("Upstash-Callback-Retries", "101")])?.status == 412)
    }

    @Test func aPlainForwardIsNotMistakenForACallbacks() throws {
        let parsed = try options([("Upstash-Forward-Callback-Url", "x"), ("Upstash-Forward-Upstash-Callback", "y")])
        #expect(parsed.headers == fields([("Callback-Url", "x"), ("Upstash-Callback", "y")]))
        #expect(parsed.callback == nil)
    }
}

@Suite struct PublishOverridesTests {
    private func overrides(_ headers: [(String, String)]) throws -> PublishOverrides {
        try PublishOverrides.parse(headers: fields(headers))
    }

    private func original() throws -> PublishOptions {
        try options([
            ("Content-Type", "a/b"), ("Upstash-Method", "PUT"), ("Upstash-Retries", "5"), ("Upstash-Timeout", "10s"),
            ("Upstash-Delay", "20s"), ("Upstash-Not-Before", "1700000000"), ("Upstash-Forward-X-A", "1"),
            ("Upstash-Forward-X-B", "2"), ("Upstash-Callback", "https://a.test/cb"),
            ("Upstash-Callback-Method", "PATCH"),
            ("Upstash-Label", "a"), ("Upstash-Redact-Fields", "body"), ("Upstash-Retry-Delay", "1000 / (5 - retried)"),
            ("Upstash-Flow-Control-Key", "k"), ("Upstash-Flow-Control-Value", "rate=1"),
            ("Upstash-Deduplication-Id", "d"), ("Upstash-Content-Based-Deduplication", "true"),
        ])
    }

    @Test func whatTheSecondRequestDoesNotNameStays() throws {
        let original = try original()
        let none = try overrides([("Content-Type", "application/json"), ("Host", "x"), ("Authorization", "y")])
        #expect(none == PublishOverrides())
        #expect(try original.overriding(with: none) == original)
    }

    @Test func whatItNamesIsReplaced() throws {
        let result = try original().overriding(
            with: try overrides([
                ("Upstash-Retries", "0"), ("Upstash-Delay", "5s"), ("Upstash-Forward-x-b", "new"),
                ("Upstash-Forward-X-C", "3"), ("Upstash-Forward-Content-Type", "c/d"),
                ("Upstash-Callback-Retries", "1"),
                ("Upstash-Failure-Callback", "https://a.test/f"), ("Upstash-Label", "b"),
                ("Upstash-Content-Based-Deduplication", "false"),
            ])
        )
        var expected = try original()
        expected.retries = 0
        expected.delaySeconds = 5
        expected.notBeforeSeconds = nil
        expected.headers = fields([("Content-Type", "c/d"), ("X-A", "1"), ("X-B", "new"), ("X-C", "3")])
        expected.callback?.retries = 1
        expected.failureCallback = CallbackOptions(url: try DestinationURL(parsing: "https://a.test/f"))
        expected.labels = ["b"]
        expected.deduplicationID = nil
        expected.isContentBasedDeduplication = false
        #expect(result == expected)
    }

    @Test func anEmptyLabelRemovesTheLabels() throws {
        #expect(try original().overriding(with: try overrides([("Upstash-Label", "")])).labels.isEmpty)
    }

    @Test func aKeptExpressionMustFitTheNewRetries() throws {
        let original = try original()
        let error = #expect(throws: WireError.self) {
            try original.overriding(with: try overrides([("Upstash-Retries", "6")]))
        }
        #expect(error?.code == .expressionInvalid)
    }

    @Test func badOverridesAreRefused() {
        let error = #expect(throws: WireError.self) { try overrides([("Upstash-Delay", "soon")]) }
        #expect(error?.code == .durationInvalid)
    }
}
