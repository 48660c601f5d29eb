import HTTPTypes
import HummingbirdCore
import NIOCore

/// A body that is still coming in.
struct StreamReader: RequestBodyReader {
    let body: RequestBody
    /// The length the client announced; nil when it did not.
    let announcedByteCount: Int?

    func bytes(upTo limit: Int, room: (Int) throws -> Void) async throws -> [UInt8] {
        var collected: [UInt8] = []
        for try await chunk in body {
            guard collected.count + chunk.readableBytes <= limit else { throw APIError.bodyTooLarge(limit: limit) }
            try room(chunk.readableBytes)
            collected.append(contentsOf: chunk.readableBytesView)
        }
        // A connection that broke off must never pass for the end of the body.
        if let announcedByteCount, collected.count != announcedByteCount {
            throw APIError(.badRequest, code: "body_incomplete", message: "the body is shorter than announced")
        }
        return collected
    }
}
