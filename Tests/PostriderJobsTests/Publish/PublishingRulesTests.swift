import QStash
import Testing

@testable import PostriderJobs

@Suite struct PublishingRulesTests {
    @Test(arguments: [
        ("5", 5), ("90s", 90), ("5m", 300), ("2h", 7_200), ("1d", 86_400), ("0", 0),
    ])
    func delayTextsAreSecondsUnlessTheySayOtherwise(text: String, seconds: Int) {
        #expect(DelayText.duration(text) == .seconds(seconds))
    }

    @Test(arguments: ["", "s", "5ms", "5 s", "-5", "1.5h", "5S", "1w", "+5", "9999999999"])
    func whatIsNoDelayIsRefused(text: String) {
        #expect(DelayText.duration(text) == nil)
    }

    @Test func colonsOfADeduplicationIDBecomeDots() {
        #expect(WireDeduplicationID.text("rag-index:attachment:7") == "rag-index.attachment.7")
        #expect(WireDeduplicationID.text("plain") == "plain")
        let longest = String(repeating: "a", count: 128)
        #expect(WireDeduplicationID.text(longest) == longest)
    }

    @Test func longDeduplicationIDsKeepTheirBeginningAndDiffer() {
        let beginning = "notify:" + String(repeating: "a", count: 200)
        let one = WireDeduplicationID.text(beginning + "1")
        let other = WireDeduplicationID.text(beginning + "2")
        #expect(one.count == 97)
        #expect(one != other)
        #expect(one.prefix(65) == other.prefix(65))
        #expect(one.hasPrefix("notify.aaa"))
        #expect(!one.contains(":"))
        #expect(WireDeduplicationID.text(beginning + "1") == one)
    }

    @Test func theFirstVariableThatIsSetNamesTheOrigin() throws {
        #expect(try PublicOrigin.origin(in: [:]) == "http://localhost:3000")
        #expect(try PublicOrigin.origin(in: [:], localPort: 8_080) == "http://localhost:8080")
        #expect(try PublicOrigin.origin(in: ["VERCEL_PROJECT_PRODUCTION_URL": "a.app"]) == "https://a.app")
        #expect(
            try PublicOrigin.origin(in: [
                "PUBLIC_BASE_URL": "", "WEBHOOK_BASE_URL": "https://b.app/", "NEXT_PUBLIC_APP_URL": "https://c.app",
            ]) == "https://b.app"
        )
        #expect(try PublicOrigin.origin(in: ["VERCEL_URL": "x.app"]) == "http://localhost:3000")
        #expect(throws: JobsError.self) { _ = try PublicOrigin.origin(in: ["PUBLIC_BASE_URL": "https://a.app/path"]) }
    }

    @Test func profilesWaitAsTheReferenceSays() {
        #expect(RetryProfile.standard.retries == 3)
        #expect(RetryProfile.standard.initialDelay == nil)
        #expect(RetryProfile.notify.retryDelay == "min(300000, 10000 * pow(2, retried))")
        #expect(RetryProfile.memory.retryDelay == "min(600000, 30000 * pow(2, retried))")
        #expect(
            RetryProfile.documents.retryDelay == "15000 * pow(4, min(retried, 1)) * pow(5, max(0, retried - 1))"
        )
        #expect(RetryProfile.marketing.initialDelay == .seconds(5))
        #expect(RetryProfile.marketing.retryDelay == nil)
    }
}
