/// The body of a request that has not been read yet; it can be read once.
///
/// Whatever the server: a body in memory, or a sequence of chunks as they arrive. Nothing is read before a route asks for it, so that a
/// request without a signature costs no more than its head.
public struct RequestBody: Sendable {
    private let collect: @Sendable (Int) async throws -> [UInt8]?

    /// A body in memory, such as a test has.
    public init(_ bytes: [UInt8]) {
        self.collect = { bytesMax in bytes.count > bytesMax ? nil : bytes }
    }

    /// A body that arrives in chunks.
    ///
    /// - Parameter chunks: The raw bytes in order; a second iteration must throw, and so must a body that breaks off.
    public init<Chunks: AsyncSequence & Sendable>(chunks: Chunks) where Chunks.Element == [UInt8] {
        self.collect = { bytesMax in
            var bytes: [UInt8] = []
            for try await chunk in chunks {
                guard chunk.count <= bytesMax - bytes.count else { return nil }
                bytes.append(contentsOf: chunk)
            }
            return bytes
        }
    }

    /// A body read by the server's own means.
    ///
    /// - Parameter collect: Gives all bytes; nil when there are more than it was asked for; throws when they cannot be read, also because
    ///   they have been read before.
    public init(collect: @escaping @Sendable (_ bytesMax: Int) async throws -> [UInt8]?) {
        self.collect = collect
    }

    /// All bytes; nil when there are more than `bytesMax`, counted while they arrive.
    ///
    /// - Throws: What the server throws when the body breaks off or was read before.
    func bytes(upTo bytesMax: Int) async throws -> [UInt8]? {
        try await collect(bytesMax)
    }
}
