import PostriderAddressGuard
import Testing

@testable import PostriderCLI

@Suite struct DestinationCheckTests {
    private func finding(
        _ url: String?,
        server: String = "https://q.example.com",
        addresses: [String] = ["93.184.216.34"],
        dialer: FakeDialer = FakeDialer(),
        environment: [String: String] = [:]
    ) async throws -> DoctorFinding {
        var facts = try DoctorFacts.afterAnswer(url: server)
        return await DestinationCheck(
            url: url,
            context: TestContext(environment: environment).value,
            resolver: FakeResolver(resolution: .addresses(addresses.compactMap { IPAddress($0) })),
            dialer: dialer
        ).run(&facts)
    }

    @Test func aReachableDestinationPasses() async throws {
        let finding = try await finding("https://example.com/hook")
        #expect(finding == .passed("example.com is reached at 93.184.216.34, seen from this machine"))
    }

    @Test func withoutADestinationNothingIsChecked() async throws {
        #expect(try await finding(nil).outcome == .skipped)
    }

    @Test(arguments: [
        "example.com", "ftp://example.com", "https://", "https://a b/", "https://user@example.com",
        "https://exämple.com",
        "https://user:pw@example.com/", "https://example.com:0/", "https://example.com:70000/", "https://a\\b",
        "https://ex%61mple.com",
    ])
    func whatIsNoURLIsTold(url: String) async throws {
        let finding = try await finding(url)
        #expect(finding.outcome == .failed)
        #expect(finding.detail == "the destination is no URL that messages can go to")
    }

    @Test(arguments: [
        ("10.0.0.5", "private-destinations"), ("127.0.0.1", "private-destinations"),
        ("169.254.169.254", "allowed-ranges"),
        ("224.0.0.1", "no setting allows"), ("::1", "private-destinations"),
        ("::ffff:10.0.0.1", "private-destinations"),
    ])
    func refusedAddressesNameTheSetting(address: String, setting: String) async throws {
        let finding = try await finding("https://example.com", addresses: [address])
        #expect(finding.outcome == .failed)
        #expect(finding.detail.hasPrefix("the server does not dial it: "))
        #expect(finding.advice?.contains(setting) == true)
    }

    @Test func aServerOnThisMachineDialsPrivateAddresses() async throws {
        let local = "http://127.0.0.1:8080"
        let assumed = try await finding("http://10.0.0.5", server: local, addresses: ["10.0.0.5"])
        #expect(assumed.outcome == .warning)
        #expect(assumed.detail.hasSuffix("10.0.0.5 is dialled only under the default settings of a local server"))
        #expect(assumed.advice?.contains("public-base-url") == true)
        let allowing = try await finding(
            "http://10.0.0.5",
            server: local,
            addresses: ["10.0.0.5"],
            environment: ["POSTRIDER_PRIVATE_DESTINATIONS": "allow"]
        )
        #expect(allowing == .passed("10.0.0.5 is reached at 10.0.0.5"))
        let inRange = try await finding(
            "http://10.0.0.5",
            server: local,
            addresses: ["10.0.0.5"],
            environment: ["POSTRIDER_ALLOWED_RANGES": "10.0.0.0/8"]
        )
        #expect(inRange.outcome == .passed)
        let refusing = try await finding(
            "http://10.0.0.5",
            server: local,
            addresses: ["10.0.0.5"],
            environment: ["POSTRIDER_PRIVATE_DESTINATIONS": "refuse"]
        )
        #expect(refusing.outcome == .failed)
        #expect(refusing.advice?.contains("on the server") == true)
    }

    @Test(arguments: [
        ("https://q.example.com", DoctorFinding.Outcome.failed), ("http://localhost:8080", .warning),
    ])
    func aServerWithAPublicURLDoesNotDialPrivateAddresses(url: String, outcome: DoctorFinding.Outcome) async throws {
        let finding = try await finding(
            "http://127.0.0.1:9000",
            server: "http://127.0.0.1:8080",
            addresses: ["127.0.0.1"],
            environment: ["POSTRIDER_PUBLIC_BASE_URL": url, "POSTRIDER_PRIVATE_DESTINATIONS": "auto"]
        )
        #expect(finding.outcome == outcome)
    }

    @Test func anUnknownSettingIsToldRatherThanPassedOver() async throws {
        let finding = try await finding("http://a", environment: ["POSTRIDER_PRIVATE_DESTINATIONS": "no"])
        #expect(finding.outcome == .failed)
        #expect(finding.detail.contains("POSTRIDER_PRIVATE_DESTINATIONS"))
        #expect(finding.advice?.contains("auto, allow or refuse") == true)
    }

    @Test func settingsInTheEnvironmentCount() async throws {
        let ranges = ["POSTRIDER_ALLOWED_RANGES": "169.254.0.0/16, 10.0.0.0/8"]
        #expect(try await finding("http://a", addresses: ["169.254.1.1"], environment: ranges).outcome == .passed)
        #expect(try await finding("http://a", addresses: ["10.9.9.9"], environment: ranges).outcome == .passed)
        let allow = ["POSTRIDER_PRIVATE_DESTINATIONS": "allow"]
        #expect(try await finding("http://a", addresses: ["192.168.1.1"], environment: allow).outcome == .passed)
        let broken = try await finding("http://a", environment: ["POSTRIDER_ALLOWED_RANGES": "10.0.0.1/8"])
        #expect(broken.outcome == .failed)
    }

    @Test func someAddressesThatDoNotWorkAreWarnedOf() async throws {
        let finding = try await finding(
            "https://example.com",
            addresses: ["93.184.216.34", "93.184.216.35", "10.0.0.1"],
            dialer: FakeDialer(outcomes: ["93.184.216.35": .timedOut])
        )
        #expect(finding.outcome == .warning)
        #expect(finding.detail.contains("is reached at 93.184.216.34"))
        #expect(finding.detail.contains("93.184.216.35 does not answer on port 443"))
        #expect(finding.detail.contains("10.0.0.1 is a private address"))
    }

    @Test(arguments: [
        (DialOutcome.refused, "refuses connections on port 8443"), (.timedOut, "does not answer on port 8443"),
        (.failed("No route to host"), "93.184.216.34: No route to host"),
    ])
    func nothingThatAnswersFails(outcome: DialOutcome, detail: String) async throws {
        let finding = try await finding("https://example.com:8443", dialer: FakeDialer(outcome: outcome))
        #expect(finding.outcome == .failed)
        #expect(finding.detail.contains(detail))
    }

    @Test(arguments: [
        (HostResolution.noSuchHost, "there is no host example.com"), (.timedOut, "takes too long"),
        (.failed(detail: "SERVFAIL"), "SERVFAIL"),
    ])
    func namesThatDoNotResolveFail(resolution: HostResolution, detail: String) async throws {
        var facts = try DoctorFacts.afterAnswer()
        let finding = await DestinationCheck(
            url: "https://example.com",
            context: TestContext().value,
            resolver: FakeResolver(resolution: resolution),
            dialer: FakeDialer()
        ).run(&facts)
        #expect(finding.outcome == .failed)
        #expect(finding.detail.contains(detail))
    }

    @Test func connectionsAreReallyDialled() async throws {
        let loopback = try #require(IPAddress("127.0.0.1"))
        let listener = DeliveryListener(now: { TestContext.now }) { _ in DeliveryAnswer(status: 200) }
        let port = try await listener.listening { port in
            #expect(await SocketDialer().dial(loopback, port: port, timeout: .seconds(5)) == .connected)
            return port
        }
        #expect(await SocketDialer().dial(loopback, port: port, timeout: .seconds(5)) == .refused)
        #expect(await SocketDialer().dial(loopback, port: 0, timeout: .seconds(5)) == .failed("there is no port 0"))
    }
}
