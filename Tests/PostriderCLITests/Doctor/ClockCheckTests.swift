import FoundationEssentials
import HTTPTypes
import Testing

@testable import PostriderCLI

@Suite struct ClockCheckTests {
    /// The answer left between 22:13:20.0 and 22:13:20.5 of our clock.
    @Test(arguments: [
        ("Tue, 14 Nov 2023 22:13:20 GMT", DoctorFinding.Outcome.passed, "agrees"),
        ("Tue, 14 Nov 2023 22:13:19 GMT", .passed, "agrees"),
        ("Tue, 14 Nov 2023 22:13:17 GMT", .passed, "agrees"),
        ("Tue, 14 Nov 2023 22:13:16 GMT", .warning, "ahead of the server's by 3 s"),
        ("Tue, 14 Nov 2023 22:13:22 GMT", .passed, "agrees"),
        ("Tue, 14 Nov 2023 22:13:23 GMT", .warning, "behind the server's by 2.5 s"),
        ("Tue, 14 Nov 2023 22:14:20 GMT", .warning, "behind the server's by 59.5 s"),
        ("Tue, 14 Nov 2023 22:14:21 GMT", .failed, "behind the server's by 60.5 s"),
        ("Tue, 14 Nov 2023 22:12:18 GMT", .failed, "ahead of the server's by 61 s"),
        ("yesterday", .skipped, "cannot be read"),
    ])
    func theServersDateIsCompared(date: String, outcome: DoctorFinding.Outcome, detail: String) async throws {
        var facts = try DoctorFacts.afterAnswer(fields: [.date: date])
        let finding = await ClockCheck().run(&facts)
        #expect(finding.outcome == outcome)
        #expect(finding.detail.contains(detail))
        if outcome == .warning || outcome == .failed { #expect(finding.advice?.contains("5 minutes") == true) }
    }

    @Test func withoutADateNothingIsSaid() async throws {
        var facts = try DoctorFacts.afterAnswer()
        #expect(await ClockCheck().run(&facts) == .skipped("the server's answers carry no Date; it is on this machine"))
    }
}
