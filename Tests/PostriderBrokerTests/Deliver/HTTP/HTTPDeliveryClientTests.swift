import NIOCore
import NIOPosix
import PostriderAddressGuard
import PostriderBroker
import PostriderCore
import QStashWire
import Testing

@Suite struct HTTPDeliveryClientTests {
    @Test func theRequestArrivesAsGivenAndTheAnswerComesBack() async throws {
        let server = try await LoopbackServer { _, _ in
            .send("HTTP/1.1 201 Made\r\nX-A: 1\r\nX-A: 2\r\nContent-Length: 3\r\n\r\nabc")
        }
        let client = HTTPDeliveryClient.forTest()
        let outcome = try await client.send(
            "http://127.0.0.1:\(server.port)/hook//x/?a=%2F",
            method: "PATCH",
            headers: [HeaderField(name: "Content-Type", value: "text/plain"), HeaderField(name: "X-B", value: "c")],
            body: Array("hello".utf8)
        )
        let answer = try #require(outcome.answer)
        #expect(answer.status == 201)
        #expect(answer.body == Array("abc".utf8))
        #expect(answer.headers.filter { $0.name == "X-A" }.map(\.value) == ["1", "2"])
        #expect(!answer.isTruncated)
        #expect(
            server.requests.map(\.head) == [
                "PATCH /hook//x/?a=%2F HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nContent-Type: text/plain\r\n"
                    + "X-B: c\r\nContent-Length: 5\r\n\r\n"
            ]
        )
        #expect(server.requests.map(\.body) == [Array("hello".utf8)])
        await client.shutdown()
        await server.stop()
    }

    @Test func aConnectionIsReusedAfterACleanExchange() async throws {
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
        let replies = [okAnswer, chunked, "HTTP/1.1 204 None\r\n\r\n", okAnswer]
        let server = try await LoopbackServer { index, _ in .send(replies[index]) }
        let client = HTTPDeliveryClient.forTest()
        for _ in replies {
            #expect(try await client.send("http://127.0.0.1:\(server.port)/").answer != nil)
        }
        #expect(server.connectionCount == 1)
        await client.shutdown()
        await server.stop()
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok",
        okAnswer + "x",
        okAnswer + "HTTP/1.1 2",
        okAnswer + okAnswer,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nHTTP/1.1 500 X\r\nContent-Length",
    ])
    func otherwiseTheNextRequestGetsAnotherConnection(first: String) async throws {
        let server = try await LoopbackServer { index, _ in .send(index == 0 ? first : okAnswer) }
        let client = HTTPDeliveryClient.forTest()
        for _ in 0..<2 {
            let answer = try await client.send("http://127.0.0.1:\(server.port)/").answer
            #expect(answer?.status == 200)
            #expect(answer?.body == Array("ok".utf8))
        }
        #expect(server.connectionCount == 2)
        await client.shutdown()
        await server.stop()
    }

    @Test func aKeptConnectionThatTheDestinationClosesIsReplaced() async throws {
        let server = try await LoopbackServer { index, _ in index == 0 ? .sendAndClose(okAnswer) : .send(okAnswer) }
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let client = HTTPDeliveryClient.forTest(group: eventLoop)
        let url = "http://127.0.0.1:\(server.port)/"
        #expect(try await client.send(url).answer != nil)
        await server.awaitClose(of: 0)
        // The end of the connection lies in the client's socket; a timer makes its event loop look there first.
        try await eventLoop.scheduleTask(in: .milliseconds(1)) {}.futureResult.get()
        for _ in 0..<2 {
            #expect(try await client.send(url).answer != nil)
        }
        #expect(server.connectionCount == 2)
        await client.shutdown()
        await server.stop()
    }

    @Test func anUnusedConnectionIsClosedAfterAWhile() async throws {
        let server = try await LoopbackServer { _, _ in .send(okAnswer) }
        let client = HTTPDeliveryClient.forTest(configure: { $0.idleMilliseconds = 20 })
        #expect(try await client.send("http://127.0.0.1:\(server.port)/").answer != nil)
        await server.awaitClose(of: 0)
        #expect(try await client.send("http://127.0.0.1:\(server.port)/").answer != nil)
        #expect(server.connectionCount == 2)
        await client.shutdown()
        await server.stop()
    }

    @Test func anAgedConnectionIsNotKept() async throws {
        let server = try await LoopbackServer { _, _ in .send(okAnswer) }
        let client = HTTPDeliveryClient.forTest(configure: { $0.connectionMilliseconds = 0 })
        #expect(try await client.send("http://127.0.0.1:\(server.port)/").answer != nil)
        await server.awaitClose(of: 0)
        await server.stop()
    }

    @Test(arguments: [true, false])
    func unusedConnectionsBeyondABoundAreClosed(isPerOrigin: Bool) async throws {
        let server = try await LoopbackServer { _, _ in .send(okAnswer) }
        let client = HTTPDeliveryClient.forTest(configure: { configuration in
            if isPerOrigin {
                configuration.connectionsIdlePerOriginMax = 0
            } else {
                configuration.connectionsIdleMax = 0
            }
        })
        #expect(try await client.send("http://127.0.0.1:\(server.port)/").answer != nil)
        await server.awaitClose(of: 0)
        await server.stop()
    }

    @Test func shutDownClosesUnusedConnectionsAndRefusesMore() async throws {
        let server = try await LoopbackServer { _, _ in .send(okAnswer) }
        let client = HTTPDeliveryClient.forTest()
        let url = "http://127.0.0.1:\(server.port)/"
        #expect(try await client.send(url).answer != nil)
        await client.shutdown()
        await server.awaitClose(of: 0)
        #expect(try await client.send(url).failure?.code == .abandoned)
        await server.stop()
    }

    @Test func aLargeBodyArrivesWhole() async throws {
        let server = try await LoopbackServer { _, _ in .send(okAnswer) }
        let client = HTTPDeliveryClient.forTest()
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for _ in 0..<2 {
            #expect(try await client.send("http://127.0.0.1:\(server.port)/", body: body).answer != nil)
        }
        #expect(server.requests.allSatisfy { $0.body == body })
        #expect(server.connectionCount == 1)
        await client.shutdown()
        await server.stop()
    }

    @Test func manyExchangesAtOnceOverSeveralEventLoops() async throws {
        let echo = try await LoopbackServer { _, request in
            let body = String(decoding: request.body, as: UTF8.self)
            return .send("HTTP/1.1 200 OK\r\nContent-Length: \(request.body.count)\r\n\r\n\(body)")
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 3)
        let client = HTTPDeliveryClient.forTest(group: group)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for worker in 0..<40 {
                tasks.addTask {
                    for round in 0..<25 {
                        let body = Array("\(worker)-\(round)".utf8)
                        let outcome = try await client.send("http://127.0.0.1:\(echo.port)/", body: body)
                        #expect(outcome.answer?.body == body)
                    }
                }
            }
            try await tasks.waitForAll()
        }
        #expect(echo.requests.count == 1_000)
        #expect(echo.connectionCount <= 60)
        await client.shutdown()
        try await group.shutdownGracefully()
        await echo.stop()
    }
}
