import PostriderCore
import Synchronization

/// The connections that read, each on a queue of its own, so that no read holds up the tasks of the process.
final class ReaderPool: Sendable {
    private let connections: [Connection<Reader>]
    private let loads: Mutex<[Int]>

    /// Opens all connections of a database that is already open for writing.
    init(path: String, settings: SQLiteSettings) throws {
        let count = max(1, settings.readerCount)
        self.connections = try (0..<count).map { _ in
            try Connection(
                path: path,
                isReadOnly: true,
                make: { session in
                    try session.execute("PRAGMA cache_size = -\(settings.readerCacheBytes / 1_024)")
                    return Reader(session: session, settings: settings)
                },
                finish: { $0.session.finalize() }
            )
        }
        self.loads = Mutex(Array(repeating: 0, count: count))
    }

    /// Reads on the connection with the least to do.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Reader) throws -> Value
    ) async throws(StoreError) -> Value {
        let index = loads.withLock { loads in
            let index = loads.indices.min { loads[$0] < loads[$1] } ?? 0
            loads[index] += 1
            return index
        }
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            connections[index].enqueue { reader in
                let result = reader.flatMap { reader in
                    Result { try body(reader) }.mapError { StoreError($0) }
                }
                self.loads.withLock { $0[index] -= 1 }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }

    /// Closes every connection once its reads are done; reading afterwards throws `closed`.
    func close() throws {
        for connection in connections { try connection.close() }
    }
}
