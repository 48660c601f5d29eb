import HTTPTypes
import QStash
import Testing

/// Destinations arrive at the server as they were given (wire reference, section 1.1).
@Suite struct DestinationTests {
    @Test(arguments: [
        "https://api.example.com", "https://api.example.com/", "https://api.example.com//a//b/",
        "https://api.example.com/a%2Fb", "https://api.example.com/?x=1", "https://api.example.com/a?x=1?y=2",
        "https://api.example.com/?x=%20&y=+&z", "https://api.example.com/a?", "http://127.0.0.1:8080/a",
        "HTTPS://API.example.com/A", "https://api.example.com/a;b,c=d/(e)'f'!*@:$",
        "https://api.example.com/..a/.b/...?x=/../", "https://api.example.com/?upstash=1&my-upstash-retries=3",
    ])
    func urlIsSentAsItIs(_ url: String) async throws {
        #expect(try await target(of: url) == "/v2/publish/\(url)")
    }

    @Test(arguments: [
        ("http://[::1]:8080/a", "http%3A%2F%2F%5B%3A%3A1%5D%3A8080%2Fa"),
        ("https://api.example.com/%zz", "https%3A%2F%2Fapi.example.com%2F%25zz"),
        ("https://api.example.com/a%", "https%3A%2F%2Fapi.example.com%2Fa%25"),
        ("https://api.example.com/{id}?a=[1]", "https%3A%2F%2Fapi.example.com%2F%7Bid%7D%3Fa%3D%5B1%5D"),
        ("https://api.example.com/a|b", "https%3A%2F%2Fapi.example.com%2Fa%7Cb"),
    ])
    func urlThatAnHTTPClientWouldRewriteIsSentEncodedAsAWhole(url: String, encoded: String) async throws {
        #expect(try await target(of: url) == "/v2/publish/\(encoded)")
    }

    @Test(arguments: [
        "", "api.example.com", "ftp://api.example.com", "https://", "https:///a", "https://?x", "https://:80/",
        "https:/api.example.com", "https://api.example.com/#a", "https://api.example.com/a b",
        "https://api.example.com/\r\nX: y", "https://api.example.com/\u{0}", "https://api.example.com/ä",
        " https://a.b", "https://a.test/../../../../v2/keys/rotate", "https://a.test/a/.", "https://a.test/%2e%2E/b",
        "https://a.test/.%2e",
    ])
    func urlThatCannotWorkIsRefused(_ url: String) async throws {
        let error = try await refusal { try await $0.publish(to: url) }
        #expect(error.code == .optionInvalid && error.option == "url")
    }

    @Test func urlOfMoreThan8192BytesIsRefused() async throws {
        let start = "https://api.example.com/"
        let longest = start + String(repeating: "a", count: 8_192 - start.utf8.count)
        #expect(try await target(of: longest) == "/v2/publish/\(longest)")
        let error = try await refusal { try await $0.publish(to: longest + "a") }
        #expect(error.option == "url")
    }

    /// The server would take it for an option of the message, and not pass it on.
    @Test(arguments: [
        "upstash-retries=3", "a=1&Upstash-Callback=https://evil.example.com", "qstash_token=x", "QSTASH_TOKEN",
        "%75pstash-retries=3", "a&UPSTASH%2Dcallback=x", "qstash%5Ftoken=x",
    ])
    func queryThatTheServerTakesForItsOwnIsRefused(_ query: String) async throws {
        let url = "https://api.example.com/?\(query)"
        let error = try await refusal { try await $0.publish(to: url) }
        #expect(error.code == .optionInvalid && error.option == "url")
        let queued = try await refusal { try await $0.enqueue(to: url, in: "orders") }
        #expect(queued.option == "url")
        let schedule = try await refusal {
            try await $0.schedules.create(ScheduleRequest(cron: "* * * * *", to: url))
        }
        #expect(schedule.option == "url")
    }

    /// There it stands in JSON, and is nobody's parameter.
    @Test func anyQueryIsFineInABatch() async throws {
        let url = "https://api.example.com/?upstash-retries=3"
        let transport = ScriptedTransport(.text(#"[{"messageId":"m"}]"#))
        _ = try await QStashClient.over(transport).batch([BatchItem(to: url)])
        let body = try JSONValue(parsing: try #require(transport.requests.first).body)
        guard case .array(let items) = body else {
            Issue.record("no array")
            return
        }
        #expect(items.first?["destination"] == .string(url))
    }

    @Test func namesOfGroupsAndQueuesStandInThePath() async throws {
        let transport = ScriptedTransport(.text("[]"), .text("[]"))
        let client = try QStashClient.over(transport)
        try await client.publish(toGroup: "My.group_1-a")
        try await client.enqueue(toGroup: "group", in: "Orders.1")
        #expect(transport.targets == ["POST /v2/publish/My.group_1-a", "POST /v2/enqueue/Orders.1/group"])
    }

    private func target(of url: String) async throws -> String? {
        let transport = ScriptedTransport(.text(#"{"messageId":"m"}"#))
        try await QStashClient.over(transport).publish(to: url)
        return transport.requests.first?.head.path
    }
}
