import HTTPTypes
import PostriderJobs
import PostriderTestKit
import QStash
import Testing
import Tour

/// Parameters are checked as the tour says.
@Suite struct JobParameterTests {
    @Test func everythingThatIsWrongIsToldWithItsPlace() {
        let issues = ParameterTour.issues()
        #expect(issues.map(\.code) == ["email", "invalid_value"])
        #expect(issues.map(\.path) == [["customer", "email"], ["items", 0, "count"]])
    }

    @Test func aBodyThatCannotBeIsADeadLetter() async throws {
        let app = try AppServer(ParameterTour.routes())
        try await app.broker.client.publish(
            .text(#"{"customer":{"email":7},"items":[{"product":"cup"}],"gift":true}"#),
            to: "https://app.example.com/api/jobs/place-order"
        )
        try await app.broker.settle()
        #expect(app.broker.deliveries.count == 1)
        let entries = try await app.storage.deadLetters.entries(
            ofJobType: "place-order",
            limit: 1,
            now: app.broker.jobClock.now
        )
        #expect(entries.map(\.errorCode) == ["invalid_request"])
        // Who it was from is nobody's business.
        #expect(
            entries.map(\.payload) == [#"{"customer":{"email":"[REDACTED]"},"gift":true,"items":[{"product":"cup"}]}"#]
        )
    }

    @Test func jsonNeedsNoType() {
        #expect(ParameterTour.json() == [#"{"note":null,"order":7,"tags":["new","gift"]}"#, "true", "7"])
    }
}
