import HTTPTypes
public import HummingbirdCore
import NIOCore
public import PostriderJobs
import Synchronization

extension JobRequest {
    /// A request of HummingbirdCore's server; its body is read from the connection when a route asks for it.
    ///
    /// - Parameter remoteAddress: The address of the other end, without port; nil when it is not known.
    public init(_ request: Request, remoteAddress: String?) {
        let body = ArrivingBody(request)
        self.init(
            head: request.head,
            body: PostriderJobs.RequestBody { bytesMax in try await body.bytes(upTo: bytesMax) },
            remoteAddress: remoteAddress
        )
    }
}

/// A body that is still coming in, to be read once.
private final class ArrivingBody: Sendable {
    private let body: HummingbirdCore.RequestBody
    /// The length the client announced; nil when it did not.
    private let announcedByteCount: Int?
    private let isTaken = Atomic(false)

    init(_ request: Request) {
        body = request.body
        announcedByteCount = request.headers[.contentLength].flatMap { Int($0) }
    }

    func bytes(upTo bytesMax: Int) async throws -> [UInt8]? {
        guard !isTaken.exchange(true, ordering: .acquiringAndReleasing) else { throw BodyError.alreadyRead }
        if let announcedByteCount, announcedByteCount > bytesMax { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(announcedByteCount ?? 0)
        for try await chunk in body {
            guard chunk.readableBytes <= bytesMax - bytes.count else { return nil }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        // A connection that broke off must never pass for the end of the body.
        if let announcedByteCount, bytes.count != announcedByteCount { throw BodyError.incomplete }
        return bytes
    }
}

/// Why there are no bytes of a body.
enum BodyError: Error {
    /// Somebody has read it before.
    case alreadyRead
    /// The connection broke off before all had come.
    case incomplete
}
