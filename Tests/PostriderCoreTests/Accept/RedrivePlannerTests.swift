import PostriderCore
import QStashWire
import Testing

@Suite struct RedrivePlannerTests {
    private static let now = Timestamp(milliseconds: 1_760_000_000_000)

    private static let settings = MessageSettings(
        method: "PUT",
        headers: [HeaderField(name: "Content-Type", value: "text/plain"), HeaderField(name: "X-A", value: "1")],
        retriesMax: 5,
        timeoutSeconds: 30,
        retryDelay: "1000 * (1 + retried)",
        callback: CallbackSettings(
            url: "https://cb.example/",
            method: "PATCH",
            headers: [HeaderField(name: "X-Team", value: "ops")],
            retriesMax: 1,
            timeoutSeconds: 9,
            retryDelay: "500",
            delaySeconds: 3
        ),
        failureCallback: CallbackSettings(url: "https://cb.example/failed"),
        labels: ["billing", "eu"],
        callerIP: "203.0.113.9"
    )

    private func redrive(_ headers: [(String, String)] = []) throws -> Message {
        let dead = Message(
            key: MessageKey(rawValue: 1),
            account: Account(name: "a"),
            destination: try DestinationURL(parsing: "https://one.example/"),
            createdAt: Timestamp(milliseconds: 5),
            notBefore: Timestamp(milliseconds: 500_000),
            settings: Self.settings,
            body: .bytes(Array("hello".utf8))
        )
        let overrides = try PublishOverrides.parse(headers: headers.map { HeaderField(name: $0.0, value: $0.1) })
        let planner = RedrivePlanner(limits: WireLimits())
        return try planner.plan(dead, overrides: overrides, key: MessageKey(rawValue: 2), now: Self.now)
    }

    @Test func withoutOverridesEverythingButKeyAndTimesStays() throws {
        let message = try redrive()
        #expect(message.key == MessageKey(rawValue: 2))
        #expect(message.account == Account(name: "a"))
        #expect(message.createdAt == Self.now && message.notBefore == Self.now)
        #expect(message.settings == Self.settings)
        #expect(message.body == .bytes(Array("hello".utf8)))
        #expect(message.destination.text == "https://one.example/")
    }

    @Test func whatTheRequestNamesIsReplacedAndTheRestStays() throws {
        let message = try redrive([
            ("Upstash-Retries", "0"), ("Upstash-Delay", "1m"), ("Upstash-Forward-X-A", "2"), ("Upstash-Label", "new"),
            ("Content-Type", "application/json"),
        ])
        var expected = Self.settings
        expected.retriesMax = 0
        expected.labels = ["new"]
        expected.headers = [
            HeaderField(name: "Content-Type", value: "text/plain"), HeaderField(name: "X-A", value: "2"),
        ]
        #expect(message.settings == expected)
        #expect(message.notBefore == Self.now.adding(milliseconds: 60_000))
    }

    @Test func aDelayBeyondTheLimitIsRefused() {
        let error = #expect(throws: WireError.self) { _ = try redrive([("Upstash-Delay", "366d")]) }
        #expect(error?.code == .delayTooLong)
    }
}
