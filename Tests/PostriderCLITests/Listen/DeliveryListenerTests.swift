import FoundationEssentials
import HTTPTypes
import NIOHTTP1
import PostriderCLI
import Synchronization
import Testing

@Suite struct DeliveryListenerTests {
    private func listener(
        host: String = "127.0.0.1",
        port: Int = 0,
        limits: DeliveryListener.Limits = .init(),
        _ handler: @escaping DeliveryListener.Handler = { _ in DeliveryAnswer(status: 200) }
    ) -> DeliveryListener {
        DeliveryListener(host: host, port: port, limits: limits, now: { TestContext.now }, handler: handler)
    }

    @Test func handsOverTheWholeRequestAndSendsTheAnswer() async throws {
        let received = Mutex<[ReceivedDelivery]>([])
        let listener = listener { delivery in
            received.withLock { $0.append(delivery) }
            return DeliveryAnswer(status: 489, fields: [.retryAfter: "7"], body: Array("no".utf8))
        }
        let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
        let answer = try await listener.listening { port in
            try await LoopbackClient.post(
                "http://127.0.0.1:\(port)/a//b?x=%2F&y",
                headers: [("Upstash-Message-Id", "msg_9"), ("Upstash-Retried", "2")],
                body: body
            )
        }
        #expect(answer.status == 489)
        #expect(answer.headers["Retry-After"] == ["7"])
        #expect(answer.text == "no")
        let delivery = try #require(received.withLock { $0.first })
        #expect(delivery.target == "/a//b?x=%2F&y")
        #expect(delivery.method == .post)
        #expect(delivery.messageID == "msg_9")
        #expect(delivery.retried == 2)
        #expect(delivery.receivedAt == TestContext.now)
        #expect(delivery.body == body)
    }

    @Test func bodiesBeyondTheBoundAreNotKept() async throws {
        var limits = DeliveryListener.Limits()
        limits.bodyBytesMax = 1_000
        let listener = listener(limits: limits) { delivery in
            DeliveryAnswer(status: delivery.body == nil ? 413 : 200)
        }
        try await listener.listening { port in
            let url = "http://127.0.0.1:\(port)/"
            let fits = try await LoopbackClient.post(url, body: Array(repeating: 1, count: 1_000))
            let isTooLarge = try await LoopbackClient.post(url, body: Array(repeating: 1, count: 1_001))
            #expect([fits.status, isTooLarge.status] == [200, 413])
            let chunked =
                "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "7d0\r\n" + String(repeating: "x", count: 2_000) + "\r\n0\r\n\r\n"
            let answer = try await LoopbackClient.raw(chunked, port: port)
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test func slowRequestsAreCut() async throws {
        var limits = DeliveryListener.Limits()
        limits.request = .milliseconds(50)
        limits.idle = .milliseconds(50)
        let count = Mutex(0)
        let listener = listener(limits: limits) { _ in
            count.withLock { $0 += 1 }
            return DeliveryAnswer(status: 200)
        }
        try await listener.listening { port in
            let idle = try await LoopbackClient.raw("", port: port)
            #expect(idle.isEmpty)
            let begun = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf"
            let cut = try await LoopbackClient.raw(begun, port: port)
            #expect(cut.isEmpty)
        }
        #expect(count.withLock { $0 } == 0)
    }

    @Test func connectionsAreKeptBetweenRequests() async throws {
        let listener = listener()
        try await listener.listening { port in
            let request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n"
            let answers = try await LoopbackClient.raw(
                request + "\r\n" + request + "Connection: close\r\n\r\n",
                port: port
            )
            #expect(answers.matches(of: /HTTP\/1.1 200 OK/).count == 2)
        }
    }

    @Test func clientsThatAskBeforeSendingAreToldToGoOn() async throws {
        let listener = listener()
        try await listener.listening { port in
            let request =
                "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\n"
                + "Content-Length: 2\r\n\r\nab"
            let answer = try await LoopbackClient.raw(request, port: port)
            #expect(answer.hasPrefix("HTTP/1.1 100 Continue\r\n"))
            #expect(answer.contains("HTTP/1.1 200 OK"))
        }
    }

    @Test func whatIsNoHTTPIsRefused() async throws {
        let listener = listener()
        try await listener.listening { port in
            let answer = try await LoopbackClient.raw("\u{16}\u{03}\u{01} hello\r\n\r\n", port: port)
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test func requestsUnderWayAreAnsweredWhenItStops() async throws {
        let (began, hasBegun) = AsyncStream.makeStream(of: Void.self)
        let (gate, open) = AsyncStream.makeStream(of: Never.self)
        let listener = listener { _ in
            hasBegun.yield()
            for await _ in gate {}
            return DeliveryAnswer(status: 201)
        }
        let (ports, portFound) = AsyncStream.makeStream(of: Int.self)
        let status = try await withThrowingTaskGroup(of: Int?.self) { group in
            group.addTask {
                try await listener.listening { port in
                    portFound.yield(port)
                    _ = await began.first { _ in true }
                    open.finish()
                }
                return nil
            }
            let port = try #require(await ports.first { _ in true })
            group.addTask { try await LoopbackClient.post("http://127.0.0.1:\(port)/").status }
            return try await group.reduce(into: [Int]()) { statuses, status in
                if let status { statuses.append(status) }
            }
        }
        #expect(status == [201])
    }

    @Test func aPortInUseIsToldWithWhatToDo() async throws {
        let first = listener()
        try await first.listening { port in
            let second = listener(port: port)
            let failure = await #expect(throws: CommandFailure.self) { try await second.listening { _ in } }
            #expect(failure?.code == "port_in_use")
            #expect(failure?.status == .configuration)
            #expect(failure?.advice?.contains("--port") == true)
        }
    }

    @Test func anAddressOfAnotherMachineIsTold() async throws {
        let failure = await #expect(throws: CommandFailure.self) {
            try await listener(host: "192.0.2.1").listening { _ in }
        }
        #expect(failure?.code == "address_unusable")
        #expect(failure?.message.hasSuffix(": Cannot assign requested address") == true, "\(failure?.message ?? "")")
    }

    @Test(arguments: ["no-such-host.invalid", "999.1.1.1"])
    func aHostThatIsNoneIsTold(host: String) async throws {
        let failure = await #expect(throws: CommandFailure.self) {
            try await listener(host: host).listening { _ in }
        }
        #expect(failure?.code == "address_unusable" && failure?.status == .configuration)
        #expect(failure?.advice?.contains("--host") == true)
        #expect(failure?.message == "cannot listen on \(host) port 0: there is no such host or address")
    }

    @Test func whatTheWorkThrowsComesOut() async throws {
        struct Failure: Error {}
        await #expect(throws: Failure.self) { try await listener().listening { _ in throw Failure() } }
    }

    @Test func cancellingEndsIt() async throws {
        let listener = listener()
        let (ports, portFound) = AsyncStream.makeStream(of: Int.self)
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await listener.listening { port in
                    portFound.yield(port)
                    let (never, _) = AsyncStream.makeStream(of: Never.self)
                    for await _ in never {}
                }
            }
            let port = await ports.first { _ in true }
            #expect(port != nil)
            group.cancelAll()
            while !group.isEmpty { _ = await group.nextResult() }
        }
    }
}
