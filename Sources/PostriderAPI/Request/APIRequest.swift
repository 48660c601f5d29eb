package import HTTPTypes
import NIOCore
package import QStashWire

/// A request as it came in, before anything was read into it.
package struct APIRequest: Sendable {
    package var method: HTTPRequest.Method
    /// The request target up to `?`, verbatim: neither decoded nor normalised (decision 6).
    package var path: Substring
    /// The request target behind `?`, verbatim; nil when there is none.
    package var query: Substring?
    package var fields: HTTPFields
    package var body: any RequestBodyReader
    /// The address of the peer, as text; nil when it is not known.
    package var peer: String?

    package init(
        method: HTTPRequest.Method,
        target: String,
        fields: HTTPFields,
        body: any RequestBodyReader,
        peer: String?
    ) {
        self.method = method
        if let mark = target.firstIndex(of: "?") {
            self.path = target[..<mark]
            self.query = target[target.index(after: mark)...]
        } else {
            self.path = target[...]
            self.query = nil
        }
        self.fields = fields
        self.body = body
        self.peer = peer
    }

    /// The header fields as the wire's parser takes them.
    package var headerFields: [HeaderField] {
        fields.map { HeaderField(name: $0.name.rawName, value: $0.value) }
    }

    /// The length the client announced; nil when it did not.
    package var announcedByteCount: Int? { fields[.contentLength].flatMap { Int($0) } }
}

/// The bytes of a request's body, read once.
package protocol RequestBodyReader: Sendable {
    /// All bytes.
    ///
    /// - Parameter room: Called with the number of bytes of each piece before it is kept; what it throws ends the reading.
    /// - Throws: ``APIError`` with 413 as soon as there are more than `limit`.
    func bytes(upTo limit: Int, room: (Int) throws -> Void) async throws -> [UInt8]
}

extension RequestBodyReader {
    /// All bytes, without asking for room: for bodies that are small.
    func bytes(upTo limit: Int) async throws -> [UInt8] {
        try await bytes(upTo: limit) { _ in }
    }
}

/// A body that is in memory already.
package struct BytesReader: RequestBodyReader {
    private let content: [UInt8]

    package init(_ content: [UInt8]) {
        self.content = content
    }

    package func bytes(upTo limit: Int, room: (Int) throws -> Void) async throws -> [UInt8] {
        guard content.count <= limit else { throw APIError.bodyTooLarge(limit: limit) }
        try room(content.count)
        return content
    }
}
