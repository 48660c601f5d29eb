import HTTPTypes
import QStash
import Testing

/// What a client accepts, and that it never shows its token.
@Suite struct ClientSetupTests {
    @Test(arguments: [
        ("https://q.example.com", "https", "q.example.com", "/v2/queues"),
        ("https://q.example.com///", "https", "q.example.com", "/v2/queues"),
        ("HTTP://q.example.com:8080/", "http", "q.example.com:8080", "/v2/queues"),
        ("http://[::1]:8080", "http", "[::1]:8080", "/v2/queues"),
        ("https://q.example.com/a/b/", "https", "q.example.com", "/a/b/v2/queues"),
        ("https://qstash.upstash.io/v2/publish", "https", "qstash.upstash.io", "/v2/queues"),
        ("https://qstash.upstash.io/v2/publish/", "https", "qstash.upstash.io", "/v2/queues"),
    ])
    func serverURLIsTakenApart(url: String, scheme: String, authority: String, path: String) async throws {
        let transport = ScriptedTransport(.text("[]"))
        let client = try QStashClient(token: "t", baseURL: url, transport: transport)
        #expect(!client.baseURL.hasSuffix("/"))
        _ = try await client.queues.list()
        let head = try #require(transport.requests.first).head
        #expect(head.scheme == scheme && head.authority == authority && head.path == path)
    }

    @Test(arguments: [
        "", "q.example.com", "ftp://q.example.com", "https://", "https:///a", "https://user:secret@q.example.com",
        "https://q.example.com/?a=1", "https://q.example.com/#a", "https://q.example.com/ a", "https://ä.example.com",
        "https://q.example.com\r\nX: y",
        "http://127.0.0.1:22x", "http://127.0.0.1:99999", "http://127.0.0.1:0", "http://127.0.0.1:", "http://[::1",
        "http://[::1]8080", "http://:8080", "http://exa^mple", "http://a_b.test%41",
    ])
    func wrongServerURLIsRefused(_ url: String) {
        let error = #expect(throws: QStashError.self) { try QStashClient(token: "t", baseURL: url) }
        #expect(error?.code == .configurationInvalid && error?.option == "baseURL")
        #expect(error?.debugDescription.contains("secret") == false)
    }

    @Test(arguments: ["", "secret\n", "sec ret", "secret\r\nX: y", "sécret", "secret\u{0}"])
    func wrongTokenIsRefusedAndNotShown(_ token: String) {
        let error = #expect(throws: QStashError.self) { try QStashClient(token: token) }
        #expect(error?.code == .configurationInvalid && error?.option == "token")
        #expect(error?.debugDescription.contains("secret") == false)
    }

    @Test(arguments: [
        ("timeout", QStashClient.Configuration(timeout: .zero)),
        ("answerBytesMax", QStashClient.Configuration(answerBytesMax: 0)),
        ("retry", QStashClient.Configuration(retry: RetryPolicy(retriesMax: -1))),
        ("retry", QStashClient.Configuration(retry: RetryPolicy(firstDelay: .seconds(-1)))),
        ("retry", QStashClient.Configuration(retry: RetryPolicy(delayMax: .seconds(-1)))),
    ])
    func boundThatCannotWorkIsRefused(option: String, configuration: QStashClient.Configuration) {
        let error = #expect(throws: QStashError.self) { try QStashClient(token: "t", configuration: configuration) }
        #expect(error?.code == .configurationInvalid && error?.option == option)
    }

    @Test func tokenIsInNothingThatPrints() throws {
        let client = try QStashClient.over(ScriptedTransport())
        var dumps = ["\(client)", String(reflecting: client), String(describing: client)]
        for value: Any in [
            client, client.queues, client.messages, client.dlq, client.events, client.schedules, client.urlGroups,
            client.flowControl, client.signingKeys, client.queue("orders"), [client], Optional(client) as Any,
        ] {
            var text = ""
            dump(value, to: &text)
            dumps += [text, "\(value)", String(reflecting: value)]
        }
        #expect(dumps.allSatisfy { !$0.contains("secret-token") })
        #expect(Mirror(reflecting: client).children.map(\.label) == ["baseURL"])
    }
}
