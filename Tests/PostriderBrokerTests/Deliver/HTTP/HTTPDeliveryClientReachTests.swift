import NIOSSL
import PostriderAddressGuard
import PostriderBroker
import PostriderCore
import QStashWire
import Testing

/// Whom the client reaches, and whom it must not.
@Suite struct HTTPDeliveryClientReachTests {
    @Test(arguments: [
        "127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "127.1", "0177.0.0.1", "[::1]",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0", "0", "[::]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
        "localhost", "LOCALHOST", "sneaky.example",
    ])
    func loopbackInAnyFormIsForbiddenWhenPrivateDestinationsAreRefused(host: String) async throws {
        let server = try await LoopbackServer { _, _ in .send(okAnswer) }
        let client = HTTPDeliveryClient.forTest(
            hosts: ["localhost": ["127.0.0.1"], "sneaky.example": ["127.0.0.1", "10.0.0.1"]],
            policy: { _ in AddressPolicy(privateDestinations: .refuse) }
        )
        let outcome = try await client.send("http://\(host):\(server.port)/")
        #expect(outcome.failure?.code == .addressForbidden, "\(outcome)")
        #expect(server.connectionCount == 0)
        await server.stop()
    }

    @Test(arguments: ["169.254.169.254", "metadata.example", "[fd00:ec2::254]", "[::ffff:169.254.169.254]"])
    func metadataIsForbiddenInEveryMode(host: String) async throws {
        let client = HTTPDeliveryClient.forTest(hosts: ["metadata.example": ["169.254.169.254"]])
        let failure = try #require(try await client.send("http://\(host)/latest/").failure)
        #expect(failure.code == .addressForbidden)
        #expect(failure.detail.contains("allowed-ranges"))
    }

    @Test func aKeptConnectionIsNoWayAroundAPolicyThatDiffersByPath() async throws {
        let server = try await LoopbackServer { _, _ in .send(okAnswer) }
        let client = HTTPDeliveryClient.forTest(policy: { url in
            AddressPolicy(privateDestinations: url.path.hasPrefix("/api/") ? .allow : .refuse)
        })
        #expect(try await client.send("http://127.0.0.1:\(server.port)/api/x").answer != nil)
        #expect(try await client.send("http://127.0.0.1:\(server.port)/admin").failure?.code == .addressForbidden)
        #expect(try await client.send("http://127.0.0.1:\(server.port)/api/y").answer != nil)
        #expect(server.requests.count == 2)
        #expect(server.connectionCount == 1)
        await client.shutdown()
        await server.stop()
    }

    @Test func aNameThatDoesNotExistIsNotFound() async throws {
        let client = HTTPDeliveryClient.forTest()
        let failure = try #require(try await client.send("http://gone.example/").failure)
        #expect(failure.code == .nameNotFound)
        #expect(failure.detail == "lookup gone.example: no such host")
    }

    @Test func aPortWithoutAServerRefuses() async throws {
        let server = try await LoopbackServer { _, _ in .silence }
        await server.stop()
        let client = HTTPDeliveryClient.forTest()
        let failure = try #require(try await client.send("http://127.0.0.1:\(server.port)/").failure)
        #expect(failure.code == .connectionRefused)
        #expect(failure.detail == "127.0.0.1:\(server.port) refused the connection")
    }

    @Test func theNextAddressIsTriedWhenOneRefuses() async throws {
        let server = try await LoopbackServer { _, _ in .send(okAnswer) }
        let client = HTTPDeliveryClient.forTest(hosts: ["two.example": ["127.0.0.9", "127.0.0.1"]])
        #expect(try await client.send("http://two.example:\(server.port)/").answer != nil)
        await client.shutdown()
        await server.stop()
    }

    @Test func theDeadlineHoldsOverConnecting() async throws {
        // A handshake that is never answered is the one way of hanging that every machine offers.
        let server = try await LoopbackServer { _, _ in .silence }
        let client = HTTPDeliveryClient.forTest()
        let outcome = try await client.send("https://127.0.0.1:\(server.port)/", timeoutMilliseconds: 100)
        #expect(outcome.failure?.code == .timedOut)
        #expect(outcome.failure?.detail == "context deadline exceeded while connecting")
        await server.awaitClose(of: 0)
        await server.stop()
    }

    @Test func connectingHasABoundOfItsOwn() async throws {
        let server = try await LoopbackServer { _, _ in .silence }
        let client = HTTPDeliveryClient.forTest(configure: { $0.connectMilliseconds = 50 })
        let outcome = try await client.send("https://127.0.0.1:\(server.port)/")
        #expect(outcome.failure?.code == .connectionFailed)
        await server.stop()
    }

    @Test(arguments: ["destination.test", "127.0.0.1", "127.1"])
    func tlsIsVerifiedAgainstTheNameOrTheAddress(host: String) async throws {
        let server = try await LoopbackServer(tls: try TestCertificate.serverContext()) { _, _ in .send(okAnswer) }
        let client = HTTPDeliveryClient.forTest(
            hosts: ["destination.test": ["127.0.0.1"]],
            tls: try TestCertificate.clientConfiguration()
        )
        for _ in 0..<2 {
            let outcome = try await client.send("https://\(host):\(server.port)/", body: Array("secret".utf8))
            #expect(outcome.answer?.status == 200, "\(outcome)")
        }
        #expect(server.connectionCount == 1)
        #expect(server.requests.count == 2)
        await client.shutdown()
        await server.stop()
    }

    @Test(arguments: ["other.test", "127.0.0.2"])
    func aCertificateForAnotherHostIsRefusedBeforeAnythingIsSent(host: String) async throws {
        let server = try await LoopbackServer(
            host: host == "127.0.0.2" ? host : "127.0.0.1",
            tls: try TestCertificate.serverContext()
        ) { _, _ in .send(okAnswer) }
        let client = HTTPDeliveryClient.forTest(
            hosts: ["other.test": ["127.0.0.1"]],
            tls: try TestCertificate.clientConfiguration()
        )
        let failure = try #require(try await client.send("https://\(host):\(server.port)/").failure)
        #expect(failure.code == .tlsFailed)
        #expect(failure.detail == "the certificate is not valid for this host")
        #expect(server.requests.isEmpty)
        await server.stop()
    }

    @Test func aCertificateOfAnUnknownAuthorityIsRefused() async throws {
        let server = try await LoopbackServer(tls: try TestCertificate.serverContext()) { _, _ in .send(okAnswer) }
        let client = HTTPDeliveryClient.forTest(hosts: ["destination.test": ["127.0.0.1"]])
        try #require(client.tlsProblem == nil)
        let failure = try #require(try await client.send("https://destination.test:\(server.port)/").failure)
        #expect(failure.code == .tlsFailed)
        #expect(failure.detail == "TLS failed: CERTIFICATE_VERIFY_FAILED")
        #expect(server.requests.isEmpty)
        await server.stop()
    }

    @Test func plainTextWhereTLSIsExpectedFailsInTLS() async throws {
        let server = try await LoopbackServer(greeting: "HTTP/1.1 400 Bad\r\n\r\n") { _, _ in .silence }
        let client = HTTPDeliveryClient.forTest()
        #expect(try await client.send("https://127.0.0.1:\(server.port)/").failure?.code == .tlsFailed)
        await server.stop()
    }

    @Test func aBodyOverTLSMayLastUntilTheConnectionEnds() async throws {
        let server = try await LoopbackServer(tls: try TestCertificate.serverContext()) { _, _ in
            .sendAndClose("HTTP/1.1 200 OK\r\n\r\nwhole")
        }
        let client = HTTPDeliveryClient.forTest(
            hosts: ["destination.test": ["127.0.0.1"]],
            tls: try TestCertificate.clientConfiguration()
        )
        let answer = try #require(try await client.send("https://destination.test:\(server.port)/").answer)
        // With the farewell, which this server sends, the body is whole.
        #expect(answer.body == Array("whole".utf8))
        #expect(!answer.isTruncated)
        await client.shutdown()
        await server.stop()
    }

    @Test func aHeaderThatWouldSplitTheRequestIsNotSent() async throws {
        let server = try await LoopbackServer { _, _ in .send(okAnswer) }
        let client = HTTPDeliveryClient.forTest()
        let outcome = try await client.send(
            "http://127.0.0.1:\(server.port)/",
            headers: [HeaderField(name: "X", value: "a\r\nY: b")]
        )
        #expect(outcome.failure?.code == .protocolError)
        #expect(server.connectionCount == 0)
        await server.stop()
    }
}
