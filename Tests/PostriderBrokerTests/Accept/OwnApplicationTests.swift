import PostriderAddressGuard
import PostriderCore
import QStashWire
import Testing

@testable import PostriderBroker

/// Decision 15: the own origin is open for its own `/api/` only.
@Suite struct OwnApplicationTests {
    private static let own = OwnApplication(origins: ["http://127.0.0.1:8080", "https://app.example:443"])

    @Test(
        arguments: [
            ("http://127.0.0.1:8080/api/jobs/x", true), ("https://app.example/api/jobs/x?y=%2e%2e/", true),
            ("https://APP.example:443/api/a%2Fb", true), ("http://127.0.0.1:8080/api/..x/y", true),
            ("http://127.0.0.1:8080/api", false), ("http://127.0.0.1:8080/apis/x", false),
            ("http://127.0.0.1:8080/v2/publish/x", false), ("http://127.0.0.1:8080/", false),
            ("http://127.0.0.1:8081/api/x", false), ("https://127.0.0.1:8080/api/x", false),
            ("http://localhost:8080/api/x", false), ("http://2130706433:8080/api/x", false),
            ("http://127.0.0.1:8080//api/x", false), ("http://127.0.0.1:8080/API/x", false),
            ("http://127.0.0.1:8080/api/../metrics", false), ("http://127.0.0.1:8080/api/%2E%2e/metrics", false),
            ("http://127.0.0.1:8080/api/x/..", false), ("http://127.0.0.1:8080/api/..%2Fmetrics", false),
            ("http://127.0.0.1:8080/api/./x", false), ("http://127.0.0.1:8080/api/..;a=b/metrics", false),
            ("http://127.0.0.1:8080/api/%2E.%5cmetrics", false),
        ]
    )
    func onlyWhatLiesBelowAPIIsOurs(url: String, isOwn: Bool) throws {
        #expect(Self.own.contains(try DestinationURL(parsing: url)) == isOwn)
    }

    @Test func ofForbiddenAddressesOnlyPrivateOnesAreOpened() throws {
        let base = AddressPolicy(privateDestinations: .refuse)
        let url = try DestinationURL(parsing: "https://app.example/api/x")
        let opened = OwnApplication.policy(base, for: url, own: Self.own)
        #expect(opened.verdict(for: IPAddress(v4: 0x7F00_0001)) == .allowed)
        #expect(opened.verdict(for: IPAddress(v4: 0x0A00_0001)) == .allowed)
        #expect(opened.verdict(for: IPAddress(v4: 0xA9FE_A9FE)) != .allowed)
        #expect(OwnApplication.policy(base, for: url, own: nil) == base)
        let other = try DestinationURL(parsing: "https://app.example/v2/keys")
        #expect(OwnApplication.policy(base, for: other, own: Self.own) == base)
    }

    @Test func theDialAsksForEachURLOfTheOrigin() async throws {
        let server = try await LoopbackServer { _, _ in .send(okAnswer) }
        let origin = "http://127.0.0.1:\(server.port)"
        let own = OwnApplication(origins: [origin])
        let client = HTTPDeliveryClient.forTest(policy: { url in
            OwnApplication.policy(AddressPolicy(privateDestinations: .refuse), for: url, own: own)
        })
        #expect(try await client.send("\(origin)/api/jobs/x").answer != nil)
        for path in ["/v2/keys", "/metrics", "/api/../v2/keys", "/api/%2e%2e/v2/keys"] {
            #expect(try await client.send(origin + path).failure?.code == .addressForbidden, "\(path)")
        }
        #expect(server.requests.count == 1)
        await client.shutdown()
        await server.stop()
    }
}
