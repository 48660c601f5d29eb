import QStashWire
import Testing

@Suite struct DestinationTargetTests {
    private func text(_ remainder: String, _ query: String? = nil) throws -> String? {
        guard case .url(let url) = try DestinationTarget.parse(remainder: remainder, query: query).kind else {
            return nil
        }
        return url.text
    }

    @Test(
        arguments: [
            ("https://a.test/hook", "x=1", "https://a.test/hook?x=1"),
            ("https://a.test/hook", nil, "https://a.test/hook"),
            ("https://a.test/hook/", nil, "https://a.test/hook/"),
            ("https://a.test", "x=1", "https://a.test?x=1"),
            ("https://a.test//a//b//", "x=//y/", "https://a.test//a//b//?x=//y/"),
            ("https:/a.test/x", nil, "https://a.test/x"),
            ("HTTP:/a.test/x", nil, "HTTP://a.test/x"),
            ("https://a.test/x", "", "https://a.test/x?"),
            ("https://a.test/a%2Fb%20c", "k%2Fey=v%26w&a+b=c+d", "https://a.test/a%2Fb%20c?k%2Fey=v%26w&a+b=c+d"),
            ("https://a.test/x", "a&&b=&=c", "https://a.test/x?a&&b=&=c"),
            ("https://a.test/x", "a/b=1&%=2&%zz=3&%ff=4", "https://a.test/x?a/b=1&%=2&%zz=3&%ff=4"),
            ("https://a.test/x", "u=https://b.test/?y=1", "https://a.test/x?u=https://b.test/?y=1"),
        ] as [(String, String?, String)]
    )
    func theDestinationIsRebuiltVerbatim(remainder: String, query: String?, url: String) throws {
        #expect(try text(remainder, query) == url)
    }

    @Test(
        arguments: [
            ("https%3A%2F%2Fa.test%2Fx", nil, "https://a.test/x"),
            ("https%3a//a.test/x%2520y", nil, "https://a.test/x%20y"),
            ("https:%2F%2Fa.test%2F%2Fb%2F", nil, "https://a.test//b/"),
            ("HTTP%3A%2Fa.test", nil, "HTTP://a.test"),
            ("https%3A%2F%2Fa.test%2F%3Fx%3D1", "y=2", "https://a.test/?x=1&y=2"),
            ("https%3A%2F%2Fa.test%2F%23f", "y=2", "https://a.test/?y=2"),
            ("https%3A%2F%2Fa.test%2Fa%252Fb", nil, "https://a.test/a%2Fb"),
        ] as [(String, String?, String)]
    )
    func aWhollyEncodedDestinationIsDecodedOnce(remainder: String, query: String?, url: String) throws {
        #expect(try text(remainder, query) == url)
    }

    @Test func tokenAndOptionsAreTakenOutOfTheQuery() throws {
        let target = try DestinationTarget.parse(
            remainder: "https://a.test/x",
            query: "a=1&qstash_token=eyJ+a/b==&Upstash-Retries=3&upstash-forward-x-y=a+b%2Bc&b=2&upstash-delay"
        )
        #expect(target.token == "eyJ+a/b==")
        #expect(
            target.options == [
                HeaderField(name: "Upstash-Retries", value: "3"),
                HeaderField(name: "upstash-forward-x-y", value: "a b+c"),
                HeaderField(name: "upstash-delay", value: ""),
            ]
        )
        #expect(try text("https://a.test/x", "a=1&qstash_token=t&b=2&upstash-x=y") == "https://a.test/x?a=1&b=2")
        #expect(try text("https://a.test/x", "qstash_token=t") == "https://a.test/x")
    }

    @Test(arguments: [
        "qstash%5Ftoken=secret", "QSTASH_TOKEN=secret", "%71stash_token=secr%65t",
        "a=1&qstash_token=secret&qstash_token=b",
    ])
    func aTokenNeverReachesTheDestinationHoweverItIsWritten(query: String) throws {
        let target = try DestinationTarget.parse(remainder: "https://a.test/x", query: query)
        #expect(target.token == "secret")
        #expect(try text("https://a.test/x", query)?.contains("stash") == false)
    }

    @Test(arguments: ["upstash-retries=%", "upstash-retries=%4", "upstash-delay=%ff", "qstash_token=%zz"])
    func brokenEscapesInOurParametersAreRefused(query: String) {
        let error = #expect(throws: WireError.self) {
            try DestinationTarget.parse(remainder: "https://a.test/x", query: query)
        }
        #expect(error?.code == .queryInvalid)
    }

    @Test func theNumberOfOptionsIsBounded() {
        let query = String(repeating: "upstash-x=1&", count: 100_000)
        let error = #expect(throws: WireError.self) { try ControlParameters.parse(query: query) }
        #expect(error?.code == .queryInvalid)
    }

    @Test(
        arguments: [
            ("my-group", .group("my-group")), ("my-group/", .group("my-group")), ("A.b_9", .group("A.b_9")),
            ("api", .group("api")), ("api/llm", .api("llm")), ("api/llm/", .api("llm")), ("https", .group("https")),
        ] as [(String, DestinationTarget.Kind)]
    )
    func namesAreGroupsOrAPIs(remainder: String, kind: DestinationTarget.Kind) throws {
        #expect(try DestinationTarget.parse(remainder: remainder, query: "a=1&upstash-retries=1").kind == kind)
    }

    @Test(arguments: [
        "", "/", "//", "a/b", "api/", "api//", "api/a/b", "ftp://a.test", "a.test/x", "my group", "%41", "grün",
        "/https://a",
        "my-group//", "a:b", "mailto:x@y", "localhost:8080", String(repeating: "g", count: 100_000),
    ])
    func everythingElseGivesTheTextThatClientsKnow(remainder: String) {
        let error = #expect(throws: WireError.self) { try DestinationTarget.parse(remainder: remainder, query: nil) }
        #expect(error?.code == .destinationInvalid)
        #expect(error?.message == "invalid destination url: endpoint has invalid scheme, add http:// or https://")
    }

    @Test(arguments: [
        "https%3A%2F%2Fa.test%2F%", "https%3A%2F%2Fa.test%2F%ff", "https%3A//a.test/%0d%0aEvil", "https:/",
    ])
    func badURLsInThePathAreRefused(remainder: String) {
        let error = #expect(throws: WireError.self) { try DestinationTarget.parse(remainder: remainder, query: nil) }
        #expect(error?.code == .destinationInvalid)
    }

    @Test func aBatchDestinationIsClassifiedAsItStands() throws {
        let kind = try DestinationTarget.classify("https://a.test/x?upstash-retries=1#f")
        #expect(kind == .url(try DestinationURL(parsing: "https://a.test/x?upstash-retries=1")))
        #expect(throws: WireError.self) { try DestinationTarget.classify("https%3A%2F%2Fa.test") }
    }

    @Test func keysInPathsAreDecodedOnce() {
        #expect(PercentEncoding.decode("tenant%2F7%25+a/b") == "tenant/7%+a/b")
        #expect(PercentEncoding.decode("%252F") == "%2F")
        #expect(PercentEncoding.decode("50%") == nil)
        #expect(PercentEncoding.decode("%C3%28") == nil)
    }
}
