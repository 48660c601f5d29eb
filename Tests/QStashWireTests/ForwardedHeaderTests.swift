import QStashWire
import Testing

@Suite struct ForwardedHeaderTests {
    @Test func contentTypeComesFirstAndOrderAndRepetitionAreKept() throws {
        let parsed = try options([
            ("upstash-forward-x-b", "1"), ("Upstash-Forward-COOKIE", "a=b"), ("content-type", " text/plain "),
            ("Upstash-Forward-X-B", "2"), ("Upstash-Forward-Authorization", "Bearer own"),
            ("Upstash-Forward-X-Empty", ""),
            ("Upstash-Forward-Upstash-Workflow-RunId", "w"), ("X-Plain", "stays here"),
        ])
        #expect(
            parsed.headers
                == fields([
                    ("Content-Type", "text/plain"), ("X-B", "1"), ("Cookie", "a=b"), ("X-B", "2"),
                    ("Authorization", "Bearer own"), ("X-Empty", ""), ("Upstash-Workflow-Runid", "w"),
                ])
        )
    }

    @Test func aForwardedContentTypeWinsOverThatOfTheCall() throws {
        let parsed = try options([
            ("Content-Type", "application/json"), ("Upstash-Forward-X", "1"),
            ("Upstash-Forward-Content-Type", "text/csv"),
        ])
        #expect(parsed.headers == fields([("Content-Type", "text/csv"), ("X", "1")]))
        let twice = [("Upstash-Forward-Content-Type", "a/b"), ("Upstash-Forward-Content-Type", "a/b")]
        #expect(refusal(twice)?.code == .headerRepeated)
    }

    @Test(arguments: [
        "Host", "content-length", "Transfer-Encoding", "Connection", "TE", "Upgrade", "Trailer", "Keep-Alive",
        "Proxy-Connection", "Expect", "Upstash-Signature", "upstash-message-id", "Upstash-Retried", "Upstash-Caller-Ip",
        "Upstash-Schedule-Id", "Upstash-Topic-Name", "Upstash-Region", "Postrider-Max-Retries", "postrider-anything",
    ])
    func headersOfConnectionAndDeliveryCannotBeForwarded(name: String) {
        for prefix in ["Upstash-Forward-", "Upstash-Callback-Forward-", "Upstash-Failure-Callback-Forward-"] {
            let error = refusal([(prefix + name, "x")])
            #expect(error?.code == .headerForbidden)
            #expect(error?.message.contains(prefix + HeaderField.canonicalName(name)) == true)
        }
    }

    @Test(arguments: ["a\rb", "a\nb", "a\0b", "\n", "a\r\nEvil: 1", "\u{7F}"])
    func controlCharactersInValuesAreRefused(value: String) {
        for name in [
            "Upstash-Forward-X", "Upstash-Label", "Content-Type", "Upstash-Callback-Forward-X", "Upstash-Retries",
        ] {
            let error = refusal([(name, value)])
            #expect(error?.code == .headerValueInvalid)
            #expect(error?.message.contains(name) == true)
            #expect(error?.message.contains("Evil") == false)
        }
    }

    @Test(arguments: ["", "a b", "a\r\nEvil: 1", "ä", "a:"])
    func badNamesAreRefused(name: String) {
        let error = refusal([("Upstash-Forward-" + name, "x")])
        #expect(error?.code == .headerNameInvalid)
        #expect(error?.message == "Upstash-Forward-… must be followed by a valid header name")
    }

    @Test func theBytesOfAllForwardedHeadersAreBoundedTogether() throws {
        var limits = WireLimits()
        limits.headerBytesMax = 60
        // Three lines of 1 + 15 + 4 bytes.
        let value = String(repeating: "v", count: 15)
        let three = [
            ("Upstash-Forward-A", value), ("Upstash-Callback-Forward-A", value),
            ("Upstash-Failure-Callback-Forward-A", value),
        ]
        #expect(try options(three, limits: limits).headers.count == 1)
        for one in ["Upstash-Forward-B", "Content-Type", "Upstash-Callback-Forward-B"] {
            let error = #expect(throws: WireError.self) { try options(three + [(one, "x")], limits: limits) }
            #expect(error?.code == .headersTooLarge)
        }
    }

    @Test func theNumberOfHeadersIsBounded() {
        let many = Array(repeating: ("X", "1"), count: 257)
        #expect(refusal(many)?.code == .headersTooLarge)
        #expect(refusal([], query: Array(repeating: ("upstash-x", "1"), count: 129))?.code == .headersTooLarge)
    }

    @Test func allHeadersTravelWhenAskedFor() throws {
        let headers = [
            ("Host", "a"), ("content-type", "text/xml"), ("authorization", "Bearer t"), ("Cookie", "c=1"), ("x-a", "1"),
            ("X-A", "2"), ("Connection", "close, X-Hop"), ("X-Hop", "1"), ("Content-Length", "3"), ("TE", "trailers"),
            ("Transfer-Encoding", "chunked"), ("Proxy-Authorization", "x"), ("Upstash-Retries", "1"),
            ("Upstash-New", "1"),
            ("Postrider-X", "1"), ("X-B", "plain"), ("Upstash-Forward-X-B", "own"), ("X-GitHub-Event", "push"),
        ]
        let expected = fields([
            ("Content-Type", "text/xml"), ("Cookie", "c=1"), ("X-A", "1"), ("X-A", "2"), ("X-Github-Event", "push"),
            ("X-B", "own"),
        ])
        let byHeader = try options(headers + [("Upstash-Header-Forward", "True")])
        #expect(byHeader.headers == expected)
        #expect(byHeader.isHeaderForwardAll)
        let byQuery = try options(headers, query: [("upstash-header-forward", "true")])
        #expect(byQuery.headers == expected)
        #expect(try options(headers).headers == fields([("Content-Type", "text/xml"), ("X-B", "own")]))
    }

    @Test func forwardingAllChecksEveryHeader() {
        let all = ("Upstash-Header-Forward", "true")
        #expect(refusal([all, ("X-A", "a\nb")])?.code == .headerValueInvalid)
        #expect(refusal([all, ("X A", "b")])?.code == .headerNameInvalid)
        #expect(refusal([all, ("X-A", String(repeating: "x", count: 65_536))])?.code == .headersTooLarge)
        #expect(refusal([all, ("Connection", String(repeating: ",", count: 5_000))])?.code == .headersTooLarge)
    }
}
