import ArgumentParser
import PostriderAddressGuard
import QStash
import Testing

@testable import PostriderCLI

@Suite struct DoctorTests {
    private struct Scripted: DoctorCheck {
        let name: DoctorCheckName
        var premises: [DoctorCheckName] = []
        let finding: DoctorFinding

        func run(_ facts: inout DoctorFacts) async -> DoctorFinding { finding }
    }

    @Test(arguments: [
        (DoctorFinding.failed("x", advice: "y"), DoctorFinding.Outcome.skipped), (.skipped("x"), .skipped),
        (.warning("x", advice: "y"), .passed), (.passed("x"), .passed),
    ])
    func checksWhosePremiseFailedAreSkipped(first: DoctorFinding, second: DoctorFinding.Outcome) async {
        let results = await Doctor([
            Scripted(name: .server, finding: first),
            Scripted(name: .credentials, premises: [.server], finding: .passed("fits")),
            Scripted(name: .clock, premises: [.credentials], finding: .passed("fits")),
            Scripted(name: .disk, finding: .passed("fits")),
        ]).examine()
        #expect(results.map(\.name) == [.server, .credentials, .clock, .disk])
        #expect(results[1].finding.outcome == second)
        #expect(results[2].finding.outcome == second)
        #expect(results[3].finding.outcome == .passed)
    }

    private func examine(
        _ arguments: [String],
        in context: TestContext,
        probes: DoctorProbes = DoctorProbes(disk: FakeDisk(), resolver: FakeResolver(), dialer: FakeDialer())
    ) async throws -> ExitCode? {
        do {
            try await DoctorCommand.parse(arguments).examine(in: context.value, probes: probes)
            return nil
        } catch let error as ExitCode {
            return error
        }
    }

    private var cloud: [String: String] { ["QSTASH_TOKEN": "t0ken", "QSTASH_URL": "https://q.example.com"] }

    @Test func peopleReadALineForEachCheckAndWhatToDo() async throws {
        let context = TestContext(environment: cloud.merging(TestContext.keyEnvironment) { one, _ in one })
        #expect(try await examine([], in: context) == nil)
        #expect(
            context.output.text == """
                ✓ configuration  server https://q.example.com, token from QSTASH_TOKEN
                ✓ server         answers GET /v2/keys in 0 ms
                ✓ credentials    the token from QSTASH_TOKEN is taken
                ✓ signing keys   the environment has the server's pair
                - clock          skipped: the server's answers carry no Date
                - data folder    skipped: the server is elsewhere
                  what to do: run this on its machine, with --data
                - disk           skipped: needs the check "data folder" to pass
                - destination    skipped: no destination was named
                  what to do: name one with --destination
                - round trip     skipped: the server cannot reach this machine by itself
                  what to do: have a tunnel or proxy lead to a port here, and give --public-url with --port
                4 passed, 5 skipped

                """
        )
    }

    @Test func programsReadOneStableDocument() async throws {
        let context = TestContext(
            environment: cloud,
            transport: ScriptedTransport(status: 401, #"{"error":"invalid token"}"#)
        )
        #expect(try await examine(["--json"], in: context) == ExitCode(1))
        #expect(
            context.output.text
                == #"{"checks":[{"detail":"server https://q.example.com, token from QSTASH_TOKEN","name":"configuration","outcome":"passed"},"#
                + #"{"detail":"answers in 0 ms","name":"server","outcome":"passed"},"#
                + #"{"advice":"use the token of that server and region; the console shows it","detail":"the token from QSTASH_TOKEN is refused: invalid token","name":"credentials","outcome":"failed"},"#
                + #"{"detail":"needs the check \"credentials\" to pass","name":"signing_keys","outcome":"skipped"},"#
                + #"{"detail":"the server's answers carry no Date","name":"clock","outcome":"skipped"},"#
                + #"{"advice":"run this on its machine, with --data","detail":"the server is elsewhere","name":"data_folder","outcome":"skipped"},"#
                + #"{"detail":"needs the check \"data folder\" to pass","name":"disk","outcome":"skipped"},"#
                + #"{"advice":"name one with --destination","detail":"no destination was named","name":"destination","outcome":"skipped"},"#
                + #"{"detail":"needs the check \"credentials\" to pass","name":"round_trip","outcome":"skipped"}],"#
                + #""failed":1,"passed":2,"skipped":6,"warnings":0}"# + "\n"
        )
    }

    @Test func warningsFailNothing() async throws {
        var environment = cloud
        environment["QSTASH_URL"] = "http://q.example.com"
        let context = TestContext(environment: environment)
        #expect(try await examine([], in: context) == nil)
        #expect(context.output.text.contains("! configuration"))
        #expect(context.output.text.contains("the token travels in clear"))
        #expect(context.output.text.contains("1 with a warning"))
    }

    @Test func noSecretIsShown() async throws {
        let context = TestContext(environment: cloud.merging(TestContext.keyEnvironment) { one, _ in one })
        for arguments in [[], ["--json"]] { _ = try await examine(arguments, in: context) }
        for secret in ["t0ken", TestContext.currentKey, TestContext.nextKey] {
            #expect(!context.output.text.contains(secret))
        }
    }

    @Test func whatAServerSaysCannotCommandTheTerminal() async throws {
        let context = TestContext(
            environment: cloud,
            transport: ScriptedTransport(status: 503, #"{"error":"\u001b]0;owned\u0007"}"#)
        )
        #expect(try await examine([], in: context) == ExitCode(1))
        #expect(context.output.text.contains(#"answers 503: \e]0;owned\u{7}"#))
        #expect(!context.output.text.unicodeScalars.contains("\u{1B}"))
    }

    @Test func withoutCredentialsTheRestIsStillLookedAt() async throws {
        let context = TestContext(environment: ["QSTASH_URL": "https://q.example.com"])
        let arguments = ["--destination", "https://example.com"]
        let probes = DoctorProbes(
            disk: FakeDisk(),
            resolver: FakeResolver(resolution: .addresses([IPAddress(v4: 0x5DB8_D822)])),
            dialer: FakeDialer()
        )
        #expect(try await examine(arguments, in: context, probes: probes) == ExitCode(1))
        #expect(context.output.text.contains("✗ configuration"))
        #expect(context.output.text.contains("set QSTASH_TOKEN"))
        #expect(context.output.text.contains("✓ destination"))
    }

    @Test func aPortThatIsNoneIsToldBeforeAnythingIsSent() async throws {
        let context = TestContext(environment: ["QSTASH_TOKEN": "t", "QSTASH_URL": "http://127.0.0.1:99999"])
        #expect(try await examine([], in: context) == ExitCode(1))
        #expect(context.output.lines.first?.hasPrefix("✗ configuration") == true)
    }
}
