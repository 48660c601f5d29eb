import HTTPTypes
import QStash
import Synchronization
import Testing

@testable import PostriderCLI

@Suite struct RoundTripCheckTests {
    private static func answer(_ status: Int, _ text: String) -> QStashResponse {
        QStashResponse(head: HTTPResponse(status: .init(code: status)), body: Array(text.utf8))
    }

    /// A server that takes messages and delivers each as the closure does, before it answers.
    private func delivering(
        _ deliver: @escaping @Sendable (_ url: String, _ body: [UInt8]) async throws -> Void
    ) -> ScriptedTransport {
        ScriptedTransport { request in
            let path = request.head.path ?? ""
            guard path.hasPrefix("/v2/publish/") else { return Self.answer(202, #"{"cancelled":1}"#) }
            try await deliver(String(path.dropFirst("/v2/publish/".count)), request.body)
            return Self.answer(200, #"{"messageId":"msg_1"}"#)
        }
    }

    private func finding(
        _ transport: ScriptedTransport,
        server: String = "http://127.0.0.1:8080",
        publicURL: String? = nil,
        clock: any Clock<Duration> = StandingClock()
    ) async throws -> DoctorFinding {
        let context = TestContext(clock: clock, transport: transport)
        var facts = try DoctorFacts.afterAnswer(url: server, context: context)
        return await RoundTripCheck(publicURL: publicURL, port: 0, context: context.value).run(&facts)
    }

    @Test func aSignedMessageThatComesBackPasses() async throws {
        let finding = try await finding(
            delivering { url, body in
                #expect(body.count == 64)
                #expect(Set(body).count > 16)
                let answer = try await LoopbackClient.deliver(url, body: body)
                #expect(answer.status == 200)
            }
        )
        #expect(finding == .passed("a message came back signed after 0 ms"))
    }

    @Test func whatStrangersSendIsNotTakenForTheMessage() async throws {
        let finding = try await finding(
            delivering { url, body in
                #expect(try await LoopbackClient.deliver(url).status == 404)
                _ = try await LoopbackClient.deliver(url, body: body)
            }
        )
        #expect(finding.outcome == .passed)
    }

    @Test func aSignatureOfOtherKeysFails() async throws {
        let finding = try await finding(
            delivering { url, body in _ = try await LoopbackClient.deliver(url, body: body, key: "sig_other") }
        )
        #expect(finding.outcome == .failed)
        #expect(finding.detail.contains("signature_mismatch"))
    }

    @Test func aSignatureForAnotherURLFails() async throws {
        let finding = try await finding(
            delivering { url, body in
                _ = try await LoopbackClient.deliver(url, body: body, signedFor: "http://elsewhere.example.com")
            }
        )
        #expect(finding.outcome == .failed)
        #expect(finding.detail.contains("url_mismatch"))
    }

    @Test func anotherMessageIDFails() async throws {
        let finding = try await finding(
            delivering { url, body in _ = try await LoopbackClient.deliver(url, body: body, id: "msg_2") }
        )
        #expect(finding.outcome == .failed)
        #expect(finding.detail.contains("under another id"))
    }

    @Test func aMessageThatDoesNotComeIsTakenBack() async throws {
        let cancelled = Mutex<[String]>([])
        let transport = ScriptedTransport { request in
            if request.head.method == .delete {
                cancelled.withLock { $0.append(request.head.path ?? "") }
                return Self.answer(202, #"{"cancelled":1}"#)
            }
            if request.head.path?.hasPrefix("/v2/events") == true {
                let event =
                    #"{"time":1,"messageId":"msg_1","state":"ERROR","url":"http://a","error":"dial tcp: refused"}"#
                return Self.answer(200, #"{"events":[\#(event)]}"#)
            }
            return Self.answer(200, #"{"messageId":"msg_1"}"#)
        }
        let finding = try await finding(transport, clock: ImmediateClock())
        #expect(finding.outcome == .failed)
        #expect(finding.detail.contains("message msg_1 was taken, but did not come"))
        #expect(finding.detail.hasSuffix("; the server says: dial tcp: refused"))
        #expect(finding.detail.contains("within 30 s"))
        #expect(cancelled.withLock { $0 }.contains { $0.contains("msg_1") })
    }

    @Test func aRefusedPublishIsTold() async throws {
        let transport = ScriptedTransport(
            status: 400,
            #"{"error":"127.0.0.1 is a loopback address: set private-destinations"}"#
        )
        let finding = try await finding(transport)
        #expect(finding.outcome == .failed)
        #expect(finding.detail.contains("private-destinations"))
    }

    @Test func aServerThatDoesNotDialLoopbackIsLeftAsItIs() async throws {
        let transport = ScriptedTransport(
            status: 400,
            #"{"error":"127.0.0.1 is a loopback address: set private-destinations","code":"destination_forbidden"}"#
        )
        let local = try await finding(transport)
        #expect(local.outcome == .skipped)
        #expect(local.advice == "give --public-url with --port, and have a tunnel or proxy lead there")
        let named = try await finding(transport, publicURL: "https://tunnel.example.com")
        #expect(named.outcome == .failed)
    }

    @Test func aDeliveryThatFailsIsToldAtOnceAndLeavesNoDeadLetter() async throws {
        let asked = Mutex<[String]>([])
        let transport = ScriptedTransport { request in
            let path = request.head.path ?? ""
            asked.withLock { $0.append("\(request.head.method.rawValue) \(path)") }
            switch (request.head.method, path) {
            case (.delete, _) where path.hasPrefix("/v2/dlq"): return Self.answer(200, #"{"deleted":1}"#)
            case (.delete, _): return Self.answer(404, #"{"error":"not found"}"#)
            case (.get, _) where path.hasPrefix("/v2/events"):
                let polls = asked.withLock { $0.count(where: { $0.hasPrefix("GET /v2/events") }) }
                let state = polls < 3 ? "ACTIVE" : "FAILED"
                let event =
                    #"{"time":1,"messageId":"msg_1","state":"\#(state)","url":"http://a","error":"dial tcp: refused"}"#
                return Self.answer(200, #"{"events":[\#(event)]}"#)
            case (.get, _):
                let letter =
                    #"{"dlqId":"7-1","messageId":"msg_1","url":"http://a","method":"POST","maxRetries":0,"createdAt":1,"notBefore":1}"#
                return Self.answer(200, #"{"messages":[\#(letter)]}"#)
            default: return Self.answer(200, #"{"messageId":"msg_1"}"#)
            }
        }
        // The whole wait never ends: only the log can.
        let finding = try await finding(transport, clock: ImpatientClock())
        #expect(finding.outcome == .failed)
        #expect(finding.detail.hasPrefix("message msg_1 was taken, but its delivery to http://127.0.0.1:"))
        #expect(finding.detail.hasSuffix(" failed; the server says: dial tcp: refused"))
        let lines = asked.withLock { $0 }
        #expect(lines.contains { $0.hasPrefix("GET /v2/dlq") && $0.contains("msg_1") })
        #expect(lines.last?.hasPrefix("DELETE /v2/dlq") == true && lines.last?.contains("7-1") == true)
    }

    @Test func aServerElsewhereNeedsAURLThatLeadsHere() async throws {
        let unused = ScriptedTransport(failing: QStashTransportError(reach: .unsent, detail: "must not be called"))
        let finding = try await finding(unused, server: "https://q.example.com")
        #expect(finding.outcome == .skipped)
        #expect(finding.advice?.contains("--public-url") == true)
    }

    @Test func thePublicURLIsWhereTheMessageGoes() async throws {
        let urls = Mutex<[String]>([])
        let finding = try await finding(
            delivering { url, _ in urls.withLock { $0.append(url) } },
            server: "https://q.example.com",
            publicURL: "https://tunnel.example.com/x",
            clock: ImmediateClock()
        )
        #expect(finding.outcome == .failed)
        #expect(urls.withLock { $0 } == ["https://tunnel.example.com/x"])
    }
}
