import Testing

@testable import PostriderCLI

@Suite struct SigningKeysCheckTests {
    private func finding(_ environment: [String: String]) async throws -> DoctorFinding {
        var facts = try DoctorFacts.afterAnswer()
        return await SigningKeysCheck(context: TestContext(environment: environment).value).run(&facts)
    }

    private static let current = TestContext.currentKey
    private static let next = TestContext.nextKey

    @Test(arguments: [
        (current, next, DoctorFinding.Outcome.passed, "has the server's pair"),
        (next, current, .warning, "swapped"),
        ("sig_old", current, .warning, "were rotated"),
        (current, "sig_other", .warning, "the next does not"),
        (next, "sig_newer", .failed, "next key but not its current"),
        ("sig_other", next, .failed, "next key but not its current"),
        ("sig_a", "sig_b", .failed, "of another server or account"),
        (current, "", .failed, "only one of"),
        ("", next, .failed, "only one of"),
        ("", "", .skipped, "no signing keys"),
    ])
    func pairsAreCompared(current: String, next: String, outcome: DoctorFinding.Outcome, detail: String) async throws {
        let finding = try await finding(["QSTASH_CURRENT_SIGNING_KEY": current, "QSTASH_NEXT_SIGNING_KEY": next])
        #expect(finding.outcome == outcome)
        #expect(finding.detail.contains(detail))
        #expect((finding.advice != nil) == (outcome != .passed))
        for secret in [current, next] where !secret.isEmpty {
            #expect(!"\(finding.detail) \(finding.advice ?? "")".contains(secret))
        }
    }

    @Test func theRegionsPairCountsWhenThereIsOne() async throws {
        let finding = try await finding([
            "QSTASH_REGION": "US_EAST_1", "US_EAST_1_QSTASH_CURRENT_SIGNING_KEY": "sig_a",
            "US_EAST_1_QSTASH_NEXT_SIGNING_KEY": "sig_b", "QSTASH_CURRENT_SIGNING_KEY": Self.current,
            "QSTASH_NEXT_SIGNING_KEY": Self.next,
        ])
        #expect(finding.outcome == .failed)
        #expect(finding.advice?.contains("US_EAST_1_QSTASH_CURRENT_SIGNING_KEY") == true)
    }

    @Test func aDevelopmentServersKeysAreNotCompared() async throws {
        #expect(try await finding(["QSTASH_DEV": "1", "QSTASH_CURRENT_SIGNING_KEY": "x"]).outcome == .skipped)
    }
}
