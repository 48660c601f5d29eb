import HTTPTypes
import HummingbirdCore
import NIOCore

/// A body that is still coming in.
struct StreamReader: RequestBodyReader {
    let body: RequestBody

    func bytes(upTo limit: Int) async throws -> [UInt8] {
        var collected: [UInt8] = []
        for try await chunk in body {
            guard collected.count + chunk.readableBytes <= limit else { throw APIError.bodyTooLarge(limit: limit) }
            collected.append(contentsOf: chunk.readableBytesView)
        }
        return collected
    }
}
