import NIOCore
import QStashWire
import Testing

@testable import PostriderBroker

@Suite struct RequestBytesTests {
    private func bytes(
        _ method: String = "POST",
        headers: [HeaderField] = [],
        body: [UInt8] = [],
        target: String = "/hook?a=%2F"
    ) throws -> RequestBytes {
        try RequestBytes(
            method: method,
            requestTarget: target,
            hostHeader: "example.com",
            headers: headers,
            body: body
        )
    }

    @Test func exactlyTheGivenFieldsGoOut() throws {
        let fields = [
            HeaderField(name: "X-A", value: "1"), HeaderField(name: "x-a", value: "ü\t2"),
            HeaderField(name: "Empty", value: ""),
        ]
        let bytes = try self.bytes(headers: fields, body: Array("hi".utf8))
        #expect(
            String(buffer: bytes.head)
                == "POST /hook?a=%2F HTTP/1.1\r\nHost: example.com\r\nX-A: 1\r\nx-a: ü\t2\r\nEmpty: \r\n"
                + "Content-Length: 2\r\n\r\nhi"
        )
        #expect(bytes.body == nil)
    }

    @Test(arguments: [
        ("POST", true), ("PUT", true), ("PATCH", true), ("GET", false), ("HEAD", false), ("DELETE", false),
    ])
    func anEmptyBodyHasALengthWhereTheMethodHasABody(method: String, hasLength: Bool) throws {
        let text = String(buffer: try bytes(method).head)
        #expect(text.contains("Content-Length: 0\r\n") == hasLength)
        let withBody = String(buffer: try bytes(method, body: [120]).head)
        #expect(withBody.hasSuffix("Content-Length: 1\r\n\r\nx"))
    }

    @Test func aLargeBodyGoesBesideTheHead() throws {
        let size = RequestBytes.sharedBodyBytesMax + 1
        let bytes = try self.bytes(body: [UInt8](repeating: 1, count: size))
        #expect(bytes.body?.readableBytes == size)
        #expect(String(buffer: bytes.head).hasSuffix("\r\n\r\n"))
    }

    @Test(arguments: [
        ("X-A", "a\r\nX-B: c"), ("X-A", "a\nb"), ("X-A", "a\u{0}"), ("X-A", "a\u{7F}"), ("X A", "v"), ("X-A:", "v"),
        ("", "v"), ("X\r\nY", "v"), ("Ä", "v"), ("Host", "evil"), ("content-length", "5"),
        ("Transfer-Encoding", "chunked"), ("CONNECTION", "close"), ("TE", "trailers"), ("Upgrade", "h2c"),
    ])
    func fieldsThatWouldBreakTheFramingAreRejected(name: String, value: String) {
        #expect(throws: RequestBytes.Rejection.self) {
            try bytes(headers: [HeaderField(name: name, value: value)])
        }
    }

    @Test(arguments: ["", "GET /", "G\r\nT", "CONNECT", "ÄT"])
    func methodsThatCannotBeSentAreRejected(method: String) {
        #expect(throws: RequestBytes.Rejection.self) { try bytes(method) }
    }

    @Test(arguments: ["", "hook", "/a b", "/a\r\nX: y", "/\u{0}", "/\u{7F}"])
    func targetsThatCannotBeSentAreRejected(target: String) {
        #expect(throws: RequestBytes.Rejection.self) { try bytes(target: target) }
    }
}
