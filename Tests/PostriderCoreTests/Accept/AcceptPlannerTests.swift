import PostriderCore
import QStashWire
import Testing

@Suite struct AcceptPlannerTests {
    private static let now = Timestamp(milliseconds: 1_760_000_000_000)

    private func plan(
        url: String = "https://one.example/",
        body: String = "hello",
        settings: AcceptPlanner.Settings = AcceptPlanner.Settings(),
        _ headers: [(String, String)] = []
    ) throws -> Acceptance {
        let request = PublishRequest(
            account: Account(name: "a"),
            destination: try DestinationURL(parsing: url),
            options: try PublishOptions.parse(headers: headers.map { HeaderField(name: $0.0, value: $0.1) }),
            body: Array(body.utf8),
            callerIP: "203.0.113.9"
        )
        return try AcceptPlanner(settings: settings).plan(request, key: MessageKey(rawValue: 5), now: Self.now)
    }

    @Test func aPlainPublishGetsTheDefaults() throws {
        var settings = AcceptPlanner.Settings()
        settings.retriesDefault = 7
        let acceptance = try plan(settings: settings)
        let message = acceptance.message
        #expect(acceptance.deduplication == nil)
        #expect(message.key == MessageKey(rawValue: 5) && message.account == Account(name: "a"))
        #expect(message.createdAt == Self.now && message.notBefore == Self.now)
        #expect(message.body == .bytes(Array("hello".utf8)))
        #expect(message.settings == MessageSettings(retriesMax: 7, callerIP: "203.0.113.9"))
        #expect(message.lane == Lane(kind: .destination, account: Account(name: "a"), name: "https://one.example:443"))
    }

    @Test(
        arguments: [
            ([("Upstash-Delay", "90s")], 90_000), ([("Upstash-Not-Before", "1760000010")], 10_000),
            ([("Upstash-Not-Before", "1")], 0),
            ([("Upstash-Delay", "90s"), ("Upstash-Not-Before", "1760000010")], 10_000),
            ([("Upstash-Delay", "365d")], 31_536_000_000),
        ] as [([(String, String)], Int64)]
    )
    func theFirstAttemptComesWhenAsked(headers: [(String, String)], after: Int64) throws {
        #expect(try plan(headers).message.notBefore == Self.now.adding(milliseconds: after))
    }

    private func plan(_ headers: [(String, String)]) throws -> Acceptance {
        try plan(url: "https://one.example/", headers)
    }

    @Test(arguments: [("Upstash-Delay", "366d"), ("Upstash-Not-Before", "9999999999999")])
    func aTimeBeyondTheLimitIsRefused(name: String, value: String) {
        let error = #expect(throws: WireError.self) { _ = try plan([(name, value)]) }
        #expect(error?.code == .delayTooLong)
        #expect(error?.status == 412)
    }

    @Test func anExplicitIDWinsOverTheContents() throws {
        let both = [("Upstash-Content-Based-Deduplication", "true"), ("Upstash-Deduplication-Id", "mine")]
        let claim = try plan(both).deduplication
        #expect(claim == DeduplicationClaim(id: "mine", expiresAt: Self.now.adding(milliseconds: 600_000)))
    }

    @Test func theContentIsDestinationBodyAndForwardedHeaders() throws {
        let asked = [("Upstash-Content-Based-Deduplication", "true")]
        let id = try plan(asked).deduplication?.id
        #expect(id != nil)
        #expect(try plan(asked + [("Upstash-Retries", "1"), ("Authorization", "x")]).deduplication?.id == id)
        #expect(try plan(url: "https://two.example/", asked).deduplication?.id != id)
        #expect(try plan(body: "other", asked).deduplication?.id != id)
        #expect(try plan(asked + [("Upstash-Forward-X-A", "1")]).deduplication?.id != id)
        #expect(try plan(asked + [("Content-Type", "text/plain")]).deduplication?.id != id)
    }

    @Test func theWindowIsASetting() throws {
        var settings = AcceptPlanner.Settings()
        settings.deduplicationWindowSeconds = 5
        let claim = try plan(settings: settings, [("Upstash-Deduplication-Id", "mine")]).deduplication
        #expect(claim?.expiresAt == Self.now.adding(milliseconds: 5_000))
    }
}
