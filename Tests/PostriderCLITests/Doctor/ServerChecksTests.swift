import ArgumentParser
import FoundationEssentials
import HTTPTypes
import PostriderAddressGuard
import QStash
import Testing

@testable import PostriderCLI

@Suite struct ServerChecksTests {
    /// Runs the checks of server and credentials against a server.
    private func findings(
        _ transport: ScriptedTransport,
        url: String = "http://127.0.0.1:8080",
        resolver: FakeResolver = FakeResolver(),
        dialer: FakeDialer = FakeDialer()
    ) async throws -> (server: DoctorFinding, credentials: DoctorFinding) {
        let context = TestContext(environment: ["QSTASH_TOKEN": "t", "QSTASH_URL": url], transport: transport).value
        let observed = ObservedTransport(transport, now: context.now)
        let results = await Doctor([
            ConfigurationCheck(options: try ServerOptions.parse([]), context: context, transport: observed),
            ServerCheck(transport: observed, resolver: resolver, dialer: dialer),
            CredentialsCheck(),
        ]).examine()
        return (results[1].finding, results[2].finding)
    }

    private static let silent = ScriptedTransport(
        failing: QStashTransportError(reach: .unsent, detail: "no connection to the server")
    )

    @Test func aServerThatAnswersWithItsKeysPasses() async throws {
        let findings = try await findings(ScriptedTransport(status: 200, TestContext.keysAnswer))
        #expect(findings.server.outcome == .passed)
        #expect(findings.credentials.outcome == .passed)
    }

    @Test(arguments: [(401, "is refused"), (403, "may not read the signing keys")])
    func aRefusedTokenIsNoFaultOfTheWayThere(status: Int, expected: String) async throws {
        let findings = try await findings(ScriptedTransport(status: status, #"{"error":"no"}"#))
        #expect(findings.server.outcome == .passed)
        #expect(findings.credentials.outcome == .failed)
        #expect(findings.credentials.detail.contains(expected))
        #expect(findings.credentials.detail.contains("QSTASH_TOKEN"))
    }

    @Test(arguments: [(429, "answers 429: busy"), (500, "answers 500: busy"), (503, "answers 503: busy")])
    func aServerInTroubleSaysSo(status: Int, expected: String) async throws {
        let findings = try await findings(ScriptedTransport(status: status, #"{"error":"busy"}"#))
        #expect(findings.server.outcome == .failed)
        #expect(findings.server.detail == expected)
        #expect(findings.credentials.outcome == .skipped)
    }

    @Test(arguments: [
        (200, "text/html", "<html>"), (404, "text/html", "<html>"), (401, "text/plain", "who are you"),
        (404, "application/json", #"{"error":"no such page"}"#), (200, "application/json", #"{"ok":true}"#),
        (502, "text/html", "<h1>Bad gateway</h1>"),
    ])
    func somethingElseIsRecognised(status: Int, type: String, body: String) async throws {
        let transport = ScriptedTransport(status: status, fields: [.contentType: type, .server: "nginx"], body)
        let findings = try await findings(transport)
        #expect(findings.server.outcome == .failed)
        #expect(findings.server.detail == "something else answers there: status \(status), \(type), by nginx")
    }

    @Test func aRedirectIsToldWithoutItsPath() async throws {
        let transport = ScriptedTransport(status: 301, fields: [.location: "https://other.example.com/x?token=1"], "")
        let findings = try await findings(transport)
        #expect(findings.server.detail.hasSuffix("towards https://other.example.com"))
        #expect(findings.server.advice?.contains("redirects are not followed") == true)
    }

    @Test(arguments: [
        (HostResolution.noSuchHost, "there is no host q.example.com"),
        (.timedOut, "looking up q.example.com takes too long"),
        (.failed(detail: "SERVFAIL"), "looking up q.example.com failed: SERVFAIL"),
    ])
    func namesThatDoNotResolveAreTold(resolution: HostResolution, expected: String) async throws {
        let findings = try await findings(
            Self.silent,
            url: "https://q.example.com",
            resolver: FakeResolver(resolution: resolution)
        )
        #expect(findings.server.outcome == .failed)
        #expect(findings.server.detail == expected)
    }

    @Test(arguments: [
        (DialOutcome.refused, "connection refused: nothing listens at 127.0.0.1 port 8080", "start the server"),
        (.timedOut, "no connection to 127.0.0.1 port 8080 within 5 s", "firewalls"),
        (.failed("No route to host"), "no connection to 127.0.0.1 port 8080: No route to host", "network"),
        (
            .connected,
            "127.0.0.1 port 8080 takes connections but does not answer in HTTP: no connection to the server", "https://"
        ),
    ])
    func connectionsThatDoNotComeAboutAreTold(outcome: DialOutcome, expected: String, advice: String) async throws {
        let findings = try await findings(Self.silent, dialer: FakeDialer(outcome: outcome))
        #expect(findings.server.detail == expected)
        #expect(findings.server.advice?.contains(advice) == true)
    }

    @Test func aFailingTLSHandshakeIsTold() async throws {
        let findings = try await findings(
            ScriptedTransport(failing: QStashTransportError(reach: .unknown, detail: "the connection failed")),
            url: "https://q.example.com"
        )
        #expect(findings.server.detail.contains("q.example.com port 443 takes connections, but no TLS comes about"))
    }

    @Test func aServerThatHangsIsTold() async throws {
        let findings = try await findings(
            ScriptedTransport(failing: QStashTransportError(reach: .unknown, isTimeout: true, detail: "too long"))
        )
        #expect(findings.server.detail.contains("does not answer in time"))
    }
}
