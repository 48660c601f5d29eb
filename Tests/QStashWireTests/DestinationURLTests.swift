import QStashWire
import Testing

@Suite struct DestinationURLTests {
    @Test func aURLIsTakenApart() throws {
        let url = try DestinationURL(parsing: "https://API.Example.com:8443/Hook/?x=1&y=%2F")
        #expect(url.text == "https://API.Example.com:8443/Hook/?x=1&y=%2F")
        #expect(url.scheme == .https)
        #expect(url.host == "api.example.com")
        #expect(url.port == 8_443)
        #expect(url.requestTarget == "/Hook/?x=1&y=%2F")
        #expect(url.path == "/Hook/")
        #expect(url.hostHeader == "api.example.com:8443")
        #expect(url.origin == "https://api.example.com:8443")
        #expect(!url.isIPv6Literal)
        #expect("\(url)" == "https://api.example.com:8443")
    }

    @Test(arguments: [
        ("http://a.test", "a.test", 80, "/"), ("HTTPS://a.test", "a.test", 443, "/"),
        ("http://a.test:443/", "a.test:443", 443, "/"), ("https://a.test:443/x", "a.test", 443, "/x"),
        ("http://a.test?x=/y", "a.test", 80, "/?x=/y"), ("http://a.test/?", "a.test", 80, "/?"),
        ("http://my_host.test//a//b/", "my_host.test", 80, "//a//b/"), ("http://localhost:1/", "localhost:1", 1, "/"),
        ("http://127.0.0.1:65535/x@y:z", "127.0.0.1:65535", 65_535, "/x@y:z"),
        ("http://a.test/p%ZZ?q=%", "a.test", 80, "/p%ZZ?q=%"), ("http://2130706433/", "2130706433", 80, "/"),
        ("http://[::1]:8080/x", "[::1]:8080", 8_080, "/x"), ("https://[2001:DB8::1]/", "[2001:db8::1]", 443, "/"),
    ])
    func requestsAreBuiltFromURLs(text: String, hostHeader: String, port: Int, target: String) throws {
        let url = try DestinationURL(parsing: text)
        #expect(url.text == text)
        #expect(url.hostHeader == hostHeader)
        #expect(url.port == port)
        #expect(url.requestTarget == target)
    }

    @Test(arguments: [("http://a.test/x#frag", "/x"), ("http://a.test#f?x=1", "/"), ("http://a.test/?a=1#", "/?a=1")])
    func fragmentsAreDropped(text: String, target: String) throws {
        let url = try DestinationURL(parsing: text)
        #expect(url.requestTarget == target)
        #expect(!url.text.contains("#"))
    }

    @Test func textAboveASCIIIsEncodedForTheRequestLineOnly() throws {
        let url = try DestinationURL(parsing: "https://a.test/grün?q=€")
        #expect(url.text == "https://a.test/grün?q=€")
        #expect(url.requestTarget == "/gr%C3%BCn?q=%E2%82%AC")
    }

    @Test(arguments: [
        "", "a.test", "ftp://a.test", "//a.test", "https:a.test", "http:/", "httpss://a", " http://a.test",
    ])
    func aMissingSchemeGivesTheTextThatClientsKnow(text: String) {
        let error = #expect(throws: WireError.self) { try DestinationURL(parsing: text) }
        #expect(error?.code == .destinationInvalid)
        #expect(error?.message == "invalid destination url: endpoint has invalid scheme, add http:// or https://")
    }

    @Test(arguments: [
        "http://", "http:///x", "http://?x", "http://:80/", "http://user@a.test/", "http://u:p@a.test/",
        "http://a@b@c/",
        "http://a.test:/", "http://a.test:0/", "http://a.test:65536/", "http://a.test:99999999999/",
        "http://a.test:+80/",
        "http://a.test:8o/", "http://a b/", "http://a.test/ x", "http://a.test/\n", "http://a.test/\0",
        "http://a.test\\@b/",
        "http://a.test/\\x", "http://a.test/\u{7F}", "http://a.test/x#\n", "http://a..test/", "http://.a.test/",
        "http://a.test./", "http://-a.test/", "http://a-.test/", "http://a%2etest/", "http://a,b/", "http://a!b/",
        "http://bücher.test/", "http://a\u{3002}test/", "http://[::1/", "http://[]/", "http://[::1]x/",
        "http://[::1]:/",
        "http://[fe80::1%25eth0]/", "http://[1.2.3.4]/", "http://[a.test]/", "http://a]b/", "http://[[::1]]/",
        "http://" + String(repeating: "a", count: 64) + ".test/",
        "http://" + String(repeating: "abcdefgh.", count: 29) + "test/",
        "http://a.test/" + String(repeating: "x", count: 8_179),
    ])
    func whatCouldBeReadInTwoWaysIsRefused(text: String) {
        let error = #expect(throws: WireError.self) { try DestinationURL(parsing: text) }
        #expect(error?.code == .destinationInvalid)
        #expect(error?.status == 400)
        #expect(error?.message.hasPrefix("invalid destination url: ") == true)
    }

    @Test(arguments: [
        "::", "::1", "1::", "2001:db8::8:800:200c:417a", "1:2:3:4:5:6:7:8", "::ffff:127.0.0.1", "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8", "1:2:3:4:5:6:1.2.3.4", "64:ff9b::192.0.2.33", "FE80::1",
    ])
    func addressesOfVersion6AreAccepted(address: String) throws {
        let url = try DestinationURL(parsing: "http://[\(address)]/")
        #expect(url.isIPv6Literal)
        #expect(url.host == address.lowercased())
    }

    @Test(arguments: [
        ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7:8::", "::1:",
        ":1::", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "::1.2.3.256", "::1.2.3.4.5", "::1.2.3.4:5", "::.1.2.3",
        "::1.2.3.a",
        "::1234.1.1.1", "1:2:3:4:5:6:7::8:9",
    ])
    func otherTextsInBracketsAreRefused(address: String) {
        #expect(throws: WireError.self) { try DestinationURL(parsing: "http://[\(address)]/") }
    }

    @Test func refusalsSayWhatToDo() {
        let punycode = #expect(throws: WireError.self) { try DestinationURL(parsing: "http://bücher.test/") }
        #expect(punycode?.message.contains("punycode") == true)
        let secret = #expect(throws: WireError.self) { try DestinationURL(parsing: "http://user:secret@a.test/") }
        #expect(secret?.message.contains("secret") == false)
        let callback = #expect(throws: WireError.self) { try DestinationURL(parsing: "a", header: "Upstash-Callback") }
        #expect(callback?.code == .callbackInvalid)
        #expect(
            callback?.message == "invalid Upstash-Callback url: endpoint has invalid scheme, add http:// or https://"
        )
    }
}
