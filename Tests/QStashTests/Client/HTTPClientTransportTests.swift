import HTTPTypes
import QStash
import Testing

/// The transport over the network, against a server on loopback.
@Suite struct HTTPClientTransportTests {
    private static let answer =
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\nX-A: 2\r\nConnection: close\r\n\r\n[]"

    @Test func requestAndAnswerArriveWhole() async throws {
        try await LoopbackServer.run(.whole(Self.answer)) { server in
            let response = try await send(
                server,
                method: .patch,
                path: "/v2/x",
                fields: Sample.fields(["X-B": "1", "x-b": "2", "Content-Type": "a/b"]),
                body: Array("hello".utf8)
            )
            #expect(response.head.status == .ok && response.body == Array("[]".utf8))
            let name = try #require(HTTPField.Name("X-A"))
            #expect(response.head.headerFields[values: name] == ["1", "2"])
            let request = try #require(server.requests.first)
            #expect(request.hasPrefix("PATCH /v2/x HTTP/1.1\r\n") && request.hasSuffix("\r\n\r\nhello"))
            let lines = request.lowercased().split(separator: "\r\n")
            for line in [
                "host: 127.0.0.1:\(server.port)", "content-length: 5", "content-type: a/b", "x-b: 1", "x-b: 2",
            ] {
                #expect(lines.contains { $0 == line }, "\(line) is missing")
            }
        }
    }

    @Test(arguments: [
        "https://api.example.com", "https://api.example.com//a//b/", "https://api.example.com/a%2Fb%2f",
        "https://api.example.com/?x=1?y=%20+&z=&z", "https://api.example.com/a?", "https://api.example.com/..a/.b/...",
        "https://api.example.com/a;b,c=d/(e)'f'!*@:$~", "http://[::1]:8080/a", "https://api.example.com/%zz",
        "https://api.example.com/{a}|^`\\\"<>",
    ])
    func targetGoesOutAsItStandsInTheRequest(_ url: String) async throws {
        try await LoopbackServer.run(.whole(Self.answer)) { server in
            let recorder = ScriptedTransport(.text(#"{"messageId":"m"}"#))
            try await QStashClient.over(recorder).publish(to: url)
            let target = try #require(recorder.requests.first?.head.path)
            _ = try await send(server, method: .post, path: target)
            #expect(server.requests.first?.hasPrefix("POST \(target) HTTP/1.1\r\n") == true, "\(server.requests)")
        }
    }

    /// The token would travel along.
    @Test(arguments: [301, 302, 303, 307, 308])
    func redirectIsAnAnswerAndNotFollowed(_ status: Int) async throws {
        let answer =
            "HTTP/1.1 \(status) Moved\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        try await LoopbackServer.run(.whole(answer)) { server in
            let response = try await send(server)
            #expect(response.head.status.code == status && server.requests.count == 1)
        }
    }

    @Test func answerBeyondItsBoundIsCut() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nConnection: close\r\n\r\n0123456789x"
        try await LoopbackServer.run(.whole(answer)) { server in
            let error = try await failure { _ = try await send(server, answerBytesMax: 10) }
            #expect(error.reach == .unknown && !error.isTimeout)
            #expect(try await send(server, answerBytesMax: 11).body.count == 11)
        }
    }

    @Test func answerWithoutALengthIsBoundedToo() async throws {
        try await LoopbackServer.run(.drippingAfter("HTTP/1.1 200 OK\r\n\r\n")) { server in
            let error = try await failure { _ = try await send(server, answerBytesMax: 3) }
            #expect(error.reach == .unknown && !error.isTimeout)
        }
    }

    @Test(arguments: [
        LoopbackServer.Reply.silentAfter(""), .silentAfter("HTTP/1.1 200 OK\r\n"),
        .silentAfter("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), .silentAfter("HTTP/1.1 200 OK\r\n\r\nabc"),
        .drippingAfter("HTTP/1.1 200 OK\r\nX-Slow: "), .drippingAfter("HTTP/1.1 200 OK\r\n\r\n"),
    ])
    func timeBoundsHeadAndBodyTogether(_ reply: LoopbackServer.Reply) async throws {
        try await LoopbackServer.run(reply) { server in
            // None of these servers ever ends its answer: without the bound this would not return.
            let error = try await failure { _ = try await send(server, timeout: .milliseconds(200)) }
            #expect(error.isTimeout && error.reach == .unknown)
        }
    }

    @Test(arguments: [
        LoopbackServer.Reply.close, .whole("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"),
        .whole("no HTTP\r\n\r\n"),
    ])
    func brokenAnswerLeavesOpenWhatHappened(_ reply: LoopbackServer.Reply) async throws {
        try await LoopbackServer.run(reply) { server in
            let error = try await failure { _ = try await send(server) }
            #expect(error.reach == .unknown && !error.isTimeout)
        }
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func refusedConnectionMeansThatNothingWasSent(_ host: String) async throws {
        let port = try await LoopbackServer.run(.close) { $0.port }
        var request = request(port: port)
        request.head.authority = "\(host):\(port)"
        let start = ContinuousClock.now
        let error = try await failure {
            _ = try await HTTPClientTransport.shared.send(request, timeout: .seconds(60), answerBytesMax: 10)
        }
        #expect(ContinuousClock.now - start < .seconds(30), "it is told at once")
        #expect(error.reach == .unsent && !error.isTimeout, "\(String(describing: error.underlying))")
    }

    @Test func requestWithoutAServerIsNotSent() async throws {
        for head in [
            HTTPRequest(method: .get, scheme: nil, authority: "a", path: "/"),
            HTTPRequest(method: .get, scheme: "http", authority: nil, path: "/"),
            HTTPRequest(method: .get, scheme: "http", authority: "a", path: nil),
        ] {
            let error = try await failure {
                _ = try await HTTPClientTransport.shared.send(
                    QStashRequest(head: head),
                    timeout: .seconds(5),
                    answerBytesMax: 10
                )
            }
            #expect(error.reach == .unsent)
        }
    }

    @Test func cancelledCallLeavesAtOnce() async throws {
        for start in ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"] {
            try await LoopbackServer.run(.silentAfter(start)) { server in
                let request = request(port: server.port)
                let task = Task {
                    _ = try await HTTPClientTransport.shared.send(request, timeout: .seconds(60), answerBytesMax: 10)
                }
                while server.requests.isEmpty { await Task.yield() }
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
        }
    }

    @Test func clientSpeaksToAServer() async throws {
        try await LoopbackServer.run(.whole(Self.answer)) { server in
            let client = try QStashClient(token: "secret-token", baseURL: "http://127.0.0.1:\(server.port)")
            #expect(try await client.queues.list().isEmpty)
            let request = try #require(server.requests.first)
            #expect(request.hasPrefix("GET /v2/queues HTTP/1.1\r\n"))
            #expect(request.lowercased().contains("authorization: bearer secret-token\r\n"))
        }
    }

    private func request(
        port: Int,
        method: HTTPRequest.Method = .get,
        path: String = "/",
        fields: HTTPFields = HTTPFields(),
        body: [UInt8] = []
    ) -> QStashRequest {
        let head = HTTPRequest(
            method: method,
            scheme: "http",
            authority: "127.0.0.1:\(port)",
            path: path,
            headerFields: fields
        )
        return QStashRequest(head: head, body: body)
    }

    private func send(
        _ server: LoopbackServer,
        method: HTTPRequest.Method = .get,
        path: String = "/",
        fields: HTTPFields = HTTPFields(),
        body: [UInt8] = [],
        timeout: Duration = .seconds(30),
        answerBytesMax: Int = 1_024
    ) async throws -> QStashResponse {
        let request = request(port: server.port, method: method, path: path, fields: fields, body: body)
        return try await HTTPClientTransport.shared.send(request, timeout: timeout, answerBytesMax: answerBytesMax)
    }

    private func failure(_ call: () async throws -> Void) async throws -> QStashTransportError {
        try #require(await #expect(throws: QStashTransportError.self) { try await call() })
    }
}
