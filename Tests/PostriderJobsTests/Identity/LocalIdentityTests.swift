import HTTPTypes
import PostriderJobs
import Testing

@Suite struct LocalIdentityTests {
    private func user(
        from address: String? = "127.0.0.1",
        host: String? = "localhost:8080",
        _ fields: [(String, String)] = []
    ) throws -> Identity? {
        var headers = HTTPFields()
        for (name, value) in fields { headers[try #require(HTTPField.Name(name))] = value }
        let head = HTTPRequest(method: .get, scheme: "http", authority: host, path: "/", headerFields: headers)
        return LocalIdentity().identity(of: JobRequest(head: head, remoteAddress: address))
    }

    @Test(arguments: ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1", "::FFFF:127.0.0.1"])
    func whoConnectsFromThisMachineIsTheLocalUser(address: String) throws {
        #expect(try user(from: address) == Identity(userID: LocalIdentity.userID))
    }

    @Test(arguments: [
        nil, "", "192.0.2.1", "10.0.0.1", "::", "::2", "fe80::1", "128.0.0.1", "127.0.0", "127.0.0.1.5", "127.0.0.01",
        "127.0.0.256", "127.0.0.1:80", "localhost", "::ffff:10.0.0.1", "2130706433",
    ])
    func whoConnectsFromElsewhereIsNobody(address: String?) throws {
        #expect(try user(from: address) == nil)
    }

    @Test(arguments: ["localhost", "LOCALHOST:80", "127.0.0.1", "127.1.2.3:65535", "[::1]", "[::1]:8080"])
    func theHostMayBeAnyNameOfLoopback(host: String) throws {
        #expect(try user(host: host) != nil)
    }

    @Test(arguments: [
        nil, "", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "localhost:80:80", "localhost:x",
        "localhost:65536", "::1", "[::1", "[::1]x", "[::2]", "evil@localhost", "0.0.0.0", "127.1", "app.localhost",
    ])
    func aNameThatMayBeSomebodyElsesIsRefused(host: String?) throws {
        #expect(try user(host: host) == nil)
    }

    @Test(arguments: [
        "Forwarded", "Via", "X-Real-IP", "CF-Connecting-IP", "X-Forwarded-For", "x-forwarded-proto", "X-Forwarded-Host",
        "X-Forwarded-Anything",
    ])
    func whatAProxyHasPassedOnIsRefused(name: String) throws {
        #expect(try user([(name, "127.0.0.1")]) == nil)
    }

    @Test(arguments: [
        "Upstash-Signature", "Upstash-Message-Id", "upstash-retried", "Upstash-Caller-Ip", "Upstash-Region",
        "Postrider-Max-Retries",
    ])
    func whatABrokerDeliversIsItsPublishersAndNotTheLocalUsers(name: String) throws {
        #expect(try user([(name, "1")]) == nil)
    }

    @Test(arguments: [
        ("Origin", "http://localhost:3000"), ("Origin", "http://127.0.0.1:8080"), ("Origin", "https://[::1]:8080"),
        ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Site", "none"),
    ])
    func aPageOfThisMachineMayAsk(name: String, value: String) throws {
        #expect(try user([(name, value)]) != nil)
    }

    @Test(arguments: [
        ("Origin", "https://evil.example"), ("Origin", "null"), ("Origin", ""),
        ("Origin", "http://localhost.evil.example"),
        ("Origin", "chrome-extension://localhost"), ("Origin", "http://localhost, https://evil.example"),
        ("Origin", "http://localhost/@evil.example"),
        ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", ""), ("Sec-Fetch-Site", "anything"),
    ])
    func aPageOfAnotherSiteMayNot(name: String, value: String) throws {
        #expect(try user([(name, value)]) == nil)
    }

    @Test func theLocalUserIsAnOperatorOnlyOnRequest() throws {
        let head = HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: "/")
        let request = JobRequest(head: head, remoteAddress: "::1")
        #expect(LocalIdentity().identity(of: request)?.isOperator == false)
        #expect(LocalIdentity(isOperator: true).identity(of: request)?.isOperator == true)
    }

    @Test func nobodyIsNobody() {
        let head = HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: "/")
        #expect(NoIdentity().identity(of: JobRequest(head: head, remoteAddress: "::1")) == nil)
    }
}
