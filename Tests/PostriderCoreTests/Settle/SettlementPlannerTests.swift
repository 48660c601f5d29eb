import PostriderCore
import QStashWire
import Testing

@Suite struct SettlementPlannerTests {
    private static let start = Timestamp(milliseconds: 1_760_000_000_000)
    private static let end = start.adding(milliseconds: 250)

    private static func message(_ settings: MessageSettings = MessageSettings()) throws -> Message {
        Message(
            key: MessageKey(rawValue: 100),
            account: Account(name: "a"),
            destination: try DestinationURL(parsing: "https://one.example/"),
            createdAt: start,
            notBefore: start,
            settings: settings,
            body: .bytes([])
        )
    }

    private static func answer(_ status: Int, _ headers: [HeaderField] = []) -> AttemptOutcome {
        .answered(DeliveryAnswer(status: status, headers: headers, body: [1, 2], isTruncated: false))
    }

    private static func plan(
        _ settings: MessageSettings = MessageSettings(),
        _ outcome: AttemptOutcome,
        retried: Int = 0,
        endedAt: Timestamp = end
    ) throws -> Settlement {
        var last: Int64 = 1_000
        return SettlementPlanner().plan(
            message: try message(settings),
            retried: retried,
            startedAt: start,
            endedAt: endedAt,
            outcome: outcome
        ) {
            last += 1
            return MessageKey(rawValue: last)
        }
    }

    /// What a callback reports: the message, the attempt, and the moment of the dead letter.
    private static func source(of callback: Message) throws -> [Int64?] {
        guard case .callback(let source) = callback.body else { return [] }
        return [source.message.rawValue, source.attempt.rawValue, source.deadLetter?.failedAt.milliseconds]
    }

    private static let failure = AttemptOutcome.failed(AttemptFailure(code: .timedOut, detail: "too late"))

    @Test(arguments: [
        (200, 0, Attempt.Verdict.delivered), (204, 3, .delivered), (299, 0, .delivered), (199, 0, .retry),
        (300, 0, .retry),
        (302, 2, .retry), (404, 0, .retry), (489, 0, .retry), (500, 2, .retry), (500, 3, .failed), (404, 3, .failed),
        (500, 4, .failed),
    ])
    func onlyTwoHundredsAreSuccessAndRetriesRunOut(status: Int, retried: Int, verdict: Attempt.Verdict) throws {
        let settlement = try Self.plan(Self.answer(status), retried: retried)
        #expect(settlement.attempt.verdict == verdict)
        #expect((settlement.attempt.nextDue != nil) == (verdict == .retry))
        #expect((settlement.deadLetter != nil) == (verdict == .failed))
        #expect((settlement.attempt.error == nil) == (verdict == .delivered))
    }

    private static func plan(_ outcome: AttemptOutcome, retried: Int) throws -> Settlement {
        try plan(MessageSettings(), outcome, retried: retried)
    }

    @Test func anAttemptWithoutAnAnswerIsTriedAgain() throws {
        let attempt = try Self.plan(Self.failure).attempt
        #expect(attempt.verdict == .retry)
        #expect(attempt.status == 0)
        #expect(attempt.error == "too late")
        #expect(attempt.responseHeaders == [] && attempt.responseBody == [])
    }

    private static func plan(_ outcome: AttemptOutcome) throws -> Settlement { try plan(MessageSettings(), outcome) }

    @Test func theAttemptSaysWhatHappened() throws {
        let headers = [HeaderField(name: "X-A", value: "1")]
        let attempt = try Self.plan(Self.answer(500, headers), retried: 2).attempt
        #expect(attempt.message == MessageKey(rawValue: 100))
        #expect(attempt.account == Account(name: "a"))
        #expect(attempt.retried == 2)
        #expect(attempt.startedAt == Self.start && attempt.endedAt == Self.end)
        #expect(attempt.status == 500)
        #expect(attempt.responseHeaders == headers && attempt.responseBody == [1, 2])
    }

    @Test(arguments: [
        (489, "true", Attempt.Verdict.failed), (400, "TRUE", .failed), (500, "true", .failed), (489, "false", .retry),
        (489, "", .retry), (200, "true", .delivered),
    ])
    func theHeaderForPermanentFailureCountsWithAnyFailure(status: Int, value: String, verdict: Attempt.Verdict) throws {
        let header = HeaderField(name: "upstash-nonretryable-error", value: value)
        #expect(try Self.plan(Self.answer(status, [header])).attempt.verdict == verdict)
    }

    @Test(arguments: [(0, 12_182), (1, 148_413), (2, 1_808_042), (3, 22_026_465), (4, 86_400_000), (50, 86_400_000)])
    func withoutAWishTheDefaultBackOffApplies(retried: Int, delay: Int64) throws {
        let due = try Self.plan(MessageSettings(retriesMax: 100), Self.answer(500), retried: retried).attempt.nextDue
        #expect(due == Self.end.adding(milliseconds: delay))
    }

    @Test(
        arguments: [
            ("7", 7_000), ("0", 0), ("6m5s", 365_000), ("90000", 3_000), ("25h", 3_000), ("soon", 3_000),
        ] as [(String, Int64)]
    )
    func theDestinationsWishBeatsTheExpressionWhichBeatsTheBackOff(value: String, delay: Int64) throws {
        let settings = MessageSettings(retryDelay: "1000 * (1 + retried)")
        let header = HeaderField(name: "retry-after", value: value)
        let due = try Self.plan(settings, Self.answer(429, [header]), retried: 2).attempt.nextDue
        #expect(due == Self.end.adding(milliseconds: delay))
    }

    @Test func withoutAnAnswerTheExpressionApplies() throws {
        let settings = MessageSettings(retryDelay: "pow(2, retried) * 1000")
        #expect(
            try Self.plan(settings, Self.failure, retried: 2).attempt.nextDue == Self.end.adding(milliseconds: 4_000)
        )
    }

    @Test func anAttemptNeverEndsBeforeItBegan() throws {
        let attempt = try Self.plan(MessageSettings(), Self.answer(200), endedAt: Self.start.adding(milliseconds: -5))
            .attempt
        #expect(attempt.endedAt == Self.start)
    }

    @Test(arguments: [
        (200, 0, 1, false), (500, 0, 1, false), (500, 3, 1, true),
    ])
    func callbacksFollowEachAttemptAndTheFailureCallbackTheLast(
        status: Int,
        retried: Int,
        callbacks: Int,
        hasFailureCallback: Bool
    ) throws {
        let settings = MessageSettings(
            callback: CallbackSettings(url: "https://cb.example/each"),
            failureCallback: CallbackSettings(url: "https://cb.example/failed")
        )
        let settlement = try Self.plan(settings, Self.answer(status), retried: retried)
        #expect(settlement.callbacks.count == callbacks)
        #expect((settlement.failureCallback != nil) == hasFailureCallback)
        #expect(
            settlement.newMessages.map(\.destination.text) == [
                "https://cb.example/each"
            ] + (hasFailureCallback ? ["https://cb.example/failed"] : [])
        )
        let attempt = settlement.attempt.key
        let source = MessageKey(rawValue: 100)
        #expect(try Self.source(of: settlement.callbacks[0]) == [source.rawValue, attempt.rawValue, nil])
        if let last = settlement.failureCallback {
            let id = DeadLetterID(failedAt: Self.end, message: source)
            #expect(settlement.deadLetter == id)
            #expect(try Self.source(of: last) == [source.rawValue, attempt.rawValue, id.failedAt.milliseconds])
        }
        let keys = [attempt] + settlement.newMessages.map(\.key)
        #expect(Set(keys).count == keys.count && keys == keys.sorted())
    }

    @Test func aCallbackInheritsRetriesAndLabelsButNoKeyAndNoCallback() throws {
        let settings = MessageSettings(
            method: "PUT",
            headers: [HeaderField(name: "X-A", value: "1")],
            retriesMax: 9,
            timeoutSeconds: 5,
            retryDelay: "1000",
            callback: CallbackSettings(url: "https://cb.example/", delaySeconds: 30),
            failureCallback: CallbackSettings(url: "https://cb.example/failed"),
            labels: ["billing"],
            redact: nil,
            callerIP: "203.0.113.9"
        )
        let callback = try #require(try Self.plan(settings, Self.answer(200)).callbacks.first)
        #expect(callback.account == Account(name: "a"))
        #expect(callback.createdAt == Self.end)
        #expect(callback.notBefore == Self.end.adding(milliseconds: 30_000))
        #expect(callback.settings.method == "POST")
        #expect(callback.settings.retriesMax == 9)
        #expect(callback.settings.labels == ["billing"])
        #expect(callback.settings.headers == [HeaderField(name: "Content-Type", value: "application/json")])
        #expect(callback.settings.callback == nil && callback.settings.failureCallback == nil)
        #expect(callback.settings.flowControl == nil)
        #expect(callback.settings.timeoutSeconds == nil && callback.settings.retryDelay == nil)
    }

    @Test func aCallbacksOwnSettingsWin() throws {
        let own = [HeaderField(name: "content-type", value: "text/plain"), HeaderField(name: "X-Team", value: "ops")]
        let settings = MessageSettings(
            callback: CallbackSettings(
                url: "https://cb.example/",
                method: "PATCH",
                headers: own,
                retriesMax: 0,
                timeoutSeconds: 7,
                retryDelay: "5"
            )
        )
        let callback = try #require(try Self.plan(settings, Self.answer(200)).callbacks.first?.settings)
        #expect(callback.method == "PATCH")
        #expect(callback.headers == own)
        #expect(callback.retriesMax == 0)
        #expect(callback.timeoutSeconds == 7)
        #expect(callback.retryDelay == "5")
    }

    @Test(arguments: [
        (200, 0, Attempt.Verdict.delivered), (500, 0, .canceled), (500, 3, .canceled), (404, 1, .canceled),
    ])
    func aRequestedCancelDecidesWhatFollowsAFailure(status: Int, retried: Int, verdict: Attempt.Verdict) throws {
        let settings = MessageSettings(
            callback: CallbackSettings(url: "https://cb.example/each"),
            failureCallback: CallbackSettings(url: "https://cb.example/failed")
        )
        let planned = try Self.plan(settings, Self.answer(status), retried: retried)
        let resolved = planned.resolved(isCancelRequested: true)
        #expect(resolved.attempt.verdict == verdict)
        #expect(resolved.attempt.nextDue == nil)
        #expect(resolved.deadLetter == nil)
        #expect(resolved.failureCallback == nil)
        // The attempt happened, and its own callback is owed.
        #expect(resolved.callbacks.count == 1)
        let untouched = planned.resolved(isCancelRequested: false)
        #expect(untouched.attempt == planned.attempt)
        #expect(untouched.deadLetter == planned.deadLetter)
    }
}
