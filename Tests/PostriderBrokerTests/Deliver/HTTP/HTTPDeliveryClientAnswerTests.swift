import PostriderBroker
import PostriderCore
import QStashWire
import Testing

/// What destinations answer, well and badly.
@Suite struct HTTPDeliveryClientAnswerTests {
    @Test func informationalAnswersAreSkipped() async throws {
        let server = try await LoopbackServer { _, _ in
            .send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + okAnswer)
        }
        let client = HTTPDeliveryClient.forTest()
        for _ in 0..<2 {
            let answer = try await client.send("http://127.0.0.1:\(server.port)/").answer
            #expect(answer?.status == 200)
            #expect(answer?.headers.contains { $0.name == "Link" } == false)
        }
        #expect(server.connectionCount == 1)
        await client.shutdown()
        await server.stop()
    }

    @Test(arguments: [
        ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
        ("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ("POST", "HTTP/1.1 204 None\r\nContent-Length: 5\r\n\r\n"),
        ("GET", "HTTP/1.1 304 Same\r\nContent-Length: 5\r\n\r\n"),
        ("POST", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    ])
    func answersWithoutABodyEndWithTheirHead(method: String, text: String) async throws {
        let server = try await LoopbackServer { _, _ in .send(text) }
        let client = HTTPDeliveryClient.forTest()
        for _ in 0..<2 {
            let answer = try #require(
                try await client.send("http://127.0.0.1:\(server.port)/", method: method).answer
            )
            #expect(answer.body == [])
            #expect(!answer.isTruncated)
        }
        #expect(server.connectionCount == 1)
        await client.shutdown()
        await server.stop()
    }

    @Test func aBodyMayLastUntilTheConnectionEnds() async throws {
        let server = try await LoopbackServer { _, _ in .sendAndClose("HTTP/1.1 200 OK\r\n\r\nuntil the end") }
        let client = HTTPDeliveryClient.forTest()
        let answer = try await client.send("http://127.0.0.1:\(server.port)/").answer
        #expect(answer?.body == Array("until the end".utf8))
        #expect(answer?.isTruncated == false)
        await client.shutdown()
        await server.stop()
    }

    @Test func redirectsAreAnswersLikeAnyOther() async throws {
        let server = try await LoopbackServer { _, _ in
            .send("HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n")
        }
        let client = HTTPDeliveryClient.forTest()
        #expect(try await client.send("http://127.0.0.1:\(server.port)/").answer?.status == 302)
        #expect(server.requests.count == 1)
        await client.shutdown()
        await server.stop()
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
    ])
    func aHugeBodyIsTruncatedAndTheConnectionClosed(head: String) async throws {
        let server = try await LoopbackServer { _, _ in .flood(head) }
        let client = HTTPDeliveryClient.forTest()
        let answer = try #require(try await client.send("http://127.0.0.1:\(server.port)/").answer)
        #expect(answer.body == [UInt8](repeating: 0x30, count: 1_000))
        #expect(answer.isTruncated)
        await server.awaitClose(of: 0)
        await server.stop()
    }

    @Test func aBodySomewhatTooLargeIsTruncatedAndTheConnectionKept() async throws {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 30000\r\n\r\n" + String(repeating: "0", count: 30_000)
        let server = try await LoopbackServer { _, _ in .send(text) }
        let client = HTTPDeliveryClient.forTest()
        for _ in 0..<2 {
            let answer = try #require(try await client.send("http://127.0.0.1:\(server.port)/").answer)
            #expect(answer.body.count == 1_000)
            #expect(answer.isTruncated)
        }
        #expect(server.connectionCount == 1)
        await client.shutdown()
        await server.stop()
    }

    @Test(arguments: [
        ("nonsense\r\n\r\n", AttemptFailure.Code.protocolError),
        ("SSH-2.0-OpenSSH_9.2\r\n", .protocolError),
        ("HTTP/2.0 200 OK\r\n\r\n", .protocolError),
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", .protocolError),
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc", .protocolError),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", .protocolError),
        ("HTTP/1.1 200 OK\r\nX: a\u{0}b\r\n\r\n", .protocolError),
        ("HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n", .protocolError),
        ("", .connectionClosed),
        ("HTTP/1.1 200 O", .connectionClosed),
        ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .connectionClosed),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", .connectionClosed),
        ("HTTP/1.1 100 Continue\r\n\r\n", .connectionClosed),
    ])
    func whatIsNoAnswerFailsAndIsNotAskedAgain(text: String, code: AttemptFailure.Code) async throws {
        let server = try await LoopbackServer { _, _ in .sendAndClose(text) }
        let client = HTTPDeliveryClient.forTest()
        let outcome = try await client.send("http://127.0.0.1:\(server.port)/")
        #expect(outcome.failure?.code == code, "\(outcome)")
        #expect(server.requests.count == 1)
        await client.shutdown()
        await server.stop()
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nX-Long: " + String(repeating: "a", count: 70_000),
        "HTTP/1.1 200 " + String(repeating: "a", count: 70_000),
        "HTTP/1.1 200 OK\r\n" + String(repeating: "X-Short: a\r\n", count: 6_000),
        String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 3_000),
    ])
    func aHeadBeyondTheBoundFails(text: String) async throws {
        let server = try await LoopbackServer { _, _ in .send(text) }
        let client = HTTPDeliveryClient.forTest()
        let outcome = try await client.send("http://127.0.0.1:\(server.port)/")
        #expect(outcome.failure?.code == .responseHeadersTooLarge, "\(outcome)")
        await server.awaitClose(of: 0)
        await server.stop()
    }

    @Test func bytesBeforeTheRequestAreNoAnswer() async throws {
        let server = try await LoopbackServer(greeting: "220 mail.example ESMTP\r\n") { _, _ in .silence }
        let client = HTTPDeliveryClient.forTest()
        #expect(try await client.send("http://127.0.0.1:\(server.port)/").failure?.code == .protocolError)
        await client.shutdown()
        await server.stop()
    }

    @Test(arguments: [
        (LoopbackServer.Reply.silence, "awaiting the answer"),
        (.drip("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"), "reading the answer"),
        (.drip("HTTP/1.1 200 OK\r\nX-Slow: "), "awaiting the answer"),
    ])
    func theDeadlineHoldsOverTheWholeAnswer(reply: LoopbackServer.Reply, stage: String) async throws {
        let server = try await LoopbackServer { _, _ in reply }
        let client = HTTPDeliveryClient.forTest()
        let outcome = try await client.send("http://127.0.0.1:\(server.port)/", timeoutMilliseconds: 100)
        #expect(outcome.failure?.code == .timedOut)
        #expect(outcome.failure?.detail == "context deadline exceeded while \(stage)")
        await server.awaitClose(of: 0)
        await server.stop()
    }

    @Test func cancellingTheTaskCutsTheExchange() async throws {
        let server = try await LoopbackServer { _, _ in .silence }
        let client = HTTPDeliveryClient.forTest()
        let url = "http://127.0.0.1:\(server.port)/"
        try await withThrowingTaskGroup(of: AttemptOutcome.self) { group in
            group.addTask { try await client.send(url) }
            await server.awaitRequest()
            group.cancelAll()
            let outcome = try #require(try await group.next())
            #expect(outcome.failure?.code == .abandoned)
        }
        await server.awaitClose(of: 0)
        await server.stop()
    }

    @Test func aTaskThatIsAlreadyCancelledSendsNothing() async throws {
        let server = try await LoopbackServer { _, _ in .send(okAnswer) }
        let client = HTTPDeliveryClient.forTest()
        let url = "http://127.0.0.1:\(server.port)/"
        try await withThrowingTaskGroup(of: AttemptOutcome.self) { group in
            group.cancelAll()
            group.addTask { try await client.send(url) }
            let outcome = try #require(try await group.next())
            #expect(outcome.failure?.code == .abandoned)
        }
        #expect(server.requests.isEmpty)
        await client.shutdown()
        await server.stop()
    }
}
