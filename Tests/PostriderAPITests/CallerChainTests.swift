import HTTPTypes
import PostriderAddressGuard
import Testing

@testable import PostriderAPI

@Suite struct CallerChainTests {
    private static func request(peer: String?, headers: KeyValuePairs<String, String> = [:]) -> APIRequest {
        APIRequest(method: .post, target: "/", fields: HTTPFields(headers), body: BytesReader([]), peer: peer)
    }

    private static func address(_ trusted: [String]) throws -> CallerAddress {
        CallerAddress(trustedProxies: try trusted.map { try #require(AddressRange($0)) })
    }

    /// Trusted ranges, peer, `X-Forwarded-For`, and the caller.
    private static let chains: [([String], String, String, String)] = [
        ([], "10.0.0.1", "198.51.100.7", "10.0.0.1"),
        (["10.0.0.0/8"], "203.0.113.9", "198.51.100.7", "203.0.113.9"),
        (["10.0.0.0/8"], "10.0.0.1", "198.51.100.7", "198.51.100.7"),
        (["10.0.0.0/8"], "10.0.0.1", "192.0.2.1, 198.51.100.7", "198.51.100.7"),
        (["10.0.0.0/8"], "10.0.0.1", "192.0.2.1,198.51.100.7,10.0.0.3,10.0.0.2", "198.51.100.7"),
        (["10.0.0.0/8"], "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        (["10.0.0.1", "10.0.0.2"], "10.0.0.1", "198.51.100.7\t, \t10.0.0.2 ", "198.51.100.7"),
        (["10.0.0.1"], "10.0.0.1", "198.51.100.7, 10.0.0.2", "10.0.0.2"),
        (["10.0.0.0/8"], "10.0.0.1", "198.51.100.7, unknown", "10.0.0.1"),
        (["10.0.0.0/8"], "10.0.0.1", "198.51.100.7, unknown, 10.0.0.2", "10.0.0.2"),
        (["10.0.0.0/8"], "10.0.0.1", "198.51.100.7:4711", "10.0.0.1"),
        (["10.0.0.0/8"], "10.0.0.1", "", "10.0.0.1"),
        (["10.0.0.0/8"], "10.0.0.1", ",,", "10.0.0.1"),
        (["fd00::/8"], "fd00::1", "2001:db8::7, fd00::2", "2001:db8::7"),
        (["fd00::/8"], "10.0.0.1", "2001:db8::7", "10.0.0.1"),
        (["0.0.0.0/0"], "10.0.0.1", "2001:db8::7, 198.51.100.7", "2001:db8::7"),
    ]

    @Test(arguments: chains)
    func theCallerIsTheLastOneAChainOfTrustedProxiesVouchesFor(
        trusted: [String],
        peer: String,
        forwarded: String,
        caller: String
    ) throws {
        let request = Self.request(peer: peer, headers: ["X-Forwarded-For": forwarded])
        #expect(try Self.address(trusted).text(of: request) == caller)
    }

    @Test func withoutForwardingThePeerIsTheCaller() throws {
        let address = try Self.address(["10.0.0.0/8"])
        #expect(address.text(of: Self.request(peer: "10.0.0.1")) == "10.0.0.1")
        #expect(address.text(of: Self.request(peer: nil)) == "")
        #expect(address.text(of: Self.request(peer: nil, headers: ["X-Forwarded-For": "198.51.100.7"])) == "")
    }

    @Test func whatAClientWritesOnALineOfItsOwnDoesNotCount() throws {
        let headers: KeyValuePairs = ["X-Forwarded-For": "192.0.2.1", "x-forwarded-for": "198.51.100.7"]
        let request = Self.request(peer: "10.0.0.1", headers: headers)
        #expect(try Self.address(["10.0.0.0/8"]).text(of: request) == "198.51.100.7")
    }

    @Test func theMessageCarriesTheCaller() async throws {
        var settings = APISettings()
        settings.trustedProxies = [try #require(AddressRange("203.0.113.0/24"))]
        let service = TestService(settings: settings)
        let id = try await service.publish(headers: ["X-Forwarded-For": "198.51.100.7"])
        #expect(try await service.send(.get, "/v2/messages/\(id)").json["callerIP"] == "198.51.100.7")
        let answer = await service.send(.post, "/v2/publish/https://a.test", peer: nil)
        let unknown = try #require(try answer.json["messageId"]?.text)
        #expect(try await service.send(.get, "/v2/messages/\(unknown)").json["callerIP"] == nil)
    }

    @Test(arguments: ["Forwarded", "Via", "X-Forwarded-For", "x-forwarded-proto", "X-FORWARDED-HOST"])
    func headersOfProxiesAreSeen(name: String) {
        let headers = KeyValuePairs(dictionaryLiteral: (name, "x"))
        #expect(CallerAddress.isThroughProxy(Self.request(peer: nil, headers: headers)))
    }

    @Test(arguments: ["Upstash-Forward-Via", "X-Forwarded", "X-Real-Name", "Host"])
    func otherHeadersAreNot(name: String) {
        let headers = KeyValuePairs(dictionaryLiteral: (name, "x"))
        #expect(!CallerAddress.isThroughProxy(Self.request(peer: nil, headers: headers)))
    }
}
