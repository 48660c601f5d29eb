import HTTPTypes
import HummingbirdCore
import NIOCore
import Testing

@testable import PostriderAPI

/// An application beside the interface, on the same connections.
@Suite struct MountTests {
    private static func answering(_ text: String) -> APIServer.Mount {
        { request, _ in
            let body = text + " " + (request.head.path ?? "")
            let head = HTTPResponse(status: .ok, headerFields: [.contentLength: String(body.utf8.count)])
            return (head, ResponseBody(byteBuffer: ByteBuffer(string: body)))
        }
    }

    private static func get(_ path: String) -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    }

    @Test func theInterfacesOwnPathsAreItsOwn() async throws {
        try await LiveServer.run(mount: Self.answering("mounted")) { client in
            let expected = [
                "/v2/keys": "HTTP/1.1 401 ", "/v2/nothing": "HTTP/1.1 401 ", "/v2": "HTTP/1.1 401 ",
                "/healthz?a": #"{"status":"ok"}"#, "/metrics": "up 1", "/readyz": #"{"status":"ready"}"#,
            ]
            for (path, text) in expected {
                let answer = try await client.exchange(Self.get(path))
                #expect(answer.contains(text), "\(path)")
            }
        }
    }

    @Test func everythingElseIsTheApplicationsWithItsPathAsItWasSent() async throws {
        try await LiveServer.run(mount: Self.answering("mounted")) { client in
            for path in ["/api//jobs/%2F/?a=%20", "/", "/v2x", "/healthz/"] {
                let answer = try await client.exchange(Self.get(path))
                #expect(answer.hasSuffix("\r\n\r\nmounted \(path)"))
                #expect(answer.lowercased().contains("\r\ndate: "))
            }
        }
    }

    @Test func whatTheApplicationDoesNotKnowIsNotFound() async throws {
        try await LiveServer.run(mount: { _, _ in nil }) { client in
            let answer = try await client.exchange(Self.get("/api/x"))
            #expect(answer.hasPrefix("HTTP/1.1 404 "))
            #expect(answer.contains(#""code":"not_found""#))
        }
    }

    @Test func aBodyThatDoesNotComeIsCutForTheApplicationToo() async throws {
        var settings = APISettings()
        settings.bodySeconds = 1
        let mount: APIServer.Mount = { request, _ in
            _ = try? await request.body.collect(upTo: 1_000)
            return (HTTPResponse(status: .ok), ResponseBody())
        }
        try await LiveServer.run(mount: mount, settings: settings) { client in
            let answer = try await client.exchange("POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf")
            #expect(answer.hasPrefix("HTTP/1.1 408 "))
            #expect(answer.contains(#""code":"body_timeout""#))
        }
    }

    @Test func anAnswerBeforeTheBodyClosesTheConnection() async throws {
        try await LiveServer.run(mount: Self.answering("early")) { client in
            let answer = try await client.exchange("POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n")
            #expect(answer.lowercased().contains("\r\nconnection: close\r\n"))
            #expect(answer.hasSuffix("early /api/x"))
        }
    }

    @Test func aStreamGoesOutPieceByPiece() async throws {
        let (steps, step) = AsyncStream.makeStream(of: String.self)
        let mount: APIServer.Mount = { _, _ in
            let body = ResponseBody { writer in
                for await text in steps { try await writer.write(ByteBuffer(string: text)) }
                try await writer.finish(nil)
            }
            return (HTTPResponse(status: .ok), body)
        }
        try await LiveServer.run(mount: mount) { client in
            try await client.connected { inbound, outbound in
                try await outbound.write(ByteBuffer(string: Self.get("/api/events")))
                var iterator = inbound.makeAsyncIterator()
                var received = ""
                for text in ["first", "second"] {
                    step.yield(text)
                    while !received.contains(text) {
                        let chunk = try #require(try await iterator.next())
                        received += String(buffer: chunk)
                    }
                }
                #expect(!received.contains("0\r\n\r\n"))
                step.finish()
                while let chunk = try await iterator.next() { received += String(buffer: chunk) }
                #expect(received.hasSuffix("0\r\n\r\n"))
            }
        }
    }
}
