import HTTPTypes
import QStash
import Testing

/// That every recorded exchange is played, and that the comparison notices what differs.
@Suite struct ExchangeCoverageTests {
    @Test func everyRecordedExchangeIsPlayed() throws {
        let cases =
            PublishExchangeTests.cases + ReadExchangeTests.cases + ManageExchangeTests.cases
            + ErrorExchangeTests.cases
        let played = Set(cases.map(\.fixture)).union(JavaScriptParityTests.rows.compactMap(\.fixture))
            .union(CallbackExchangeTests.fixtures).union(["batch-item-errors"])
        let recorded = try RecordedExchange.names
        #expect(recorded.subtracting(played).sorted() == [], "recorded, but not played")
        #expect(played.subtracting(recorded).sorted() == [], "played, but not recorded")
    }

    @Test func comparisonNamesEveryPartThatDiffers() async throws {
        let transport = ScriptedTransport(.text(#"{"messageId":"m"}"#))
        let client = try QStashClient.over(transport, headers: Sample.fields(["X-More": "1"]))
        try await client.publish(try Sample.n(2), to: Sample.hook + "/other?x=1", options: PublishOptions(method: .get))
        let sent = try #require(transport.requests.first)
        let differences = try RecordedExchange(named: "publish-text").differences(from: sent)
        for part in ["the path", "the query", "the target", "content-type", "upstash-method", "x-more", "the body"] {
            #expect(differences.contains { $0.contains(part) }, "\(part) is not noticed")
        }
        #expect(differences.count == 7)
    }

    @Test func comparisonHasNoOrderOfNamesButOneOfValues() async throws {
        let exchange = try RecordedExchange(named: "dlq-retry-many")
        let swapped = ScriptedTransport(.answer(try exchange.answer))
        try await QStashClient.over(swapped).dlq.retry(["1725323658780-0", "1725323658779-0"])
        #expect(try exchange.differences(from: swapped.requests[0]).count == 1)
    }
}
