import Synchronization

/// The connections of one file: one that writes, some that read.
final class SQLiteConnections: Sendable {
    let writer: SQLiteConnection
    private let readers: [SQLiteConnection]
    private let loads: Mutex<[Int]>

    init(writer: SQLiteConnection, readers: [SQLiteConnection]) {
        self.writer = writer
        self.readers = readers
        self.loads = Mutex(Array(repeating: 0, count: readers.count))
    }

    /// Reads on the connection with the least to do.
    func read<Value: Sendable>(_ body: @escaping @Sendable (SQLTransaction) throws -> Value) async throws -> Value {
        let index = loads.withLock { loads in
            let index = loads.indices.min { loads[$0] < loads[$1] } ?? 0
            loads[index] += 1
            return index
        }
        defer { loads.withLock { $0[index] -= 1 } }
        return try await readers[index].read(body)
    }

    /// Closes every connection once what was asked of it is done.
    func close() throws {
        // Readers go first, so that the writer is the last to leave and empties the write-ahead log.
        for reader in readers { try reader.close() }
        try writer.close()
    }
}
