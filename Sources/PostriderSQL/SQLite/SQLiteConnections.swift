import Dispatch
import Synchronization

/// The connections of one file: one that writes, some that read.
final class SQLiteConnections: Sendable {
    private struct Readers {
        var connections: [SQLiteConnection]
        var loads: [Int]
        var isClosed = false
    }

    let writer: SQLiteConnection
    private let readers: Mutex<Readers>
    private let openReader: @Sendable () throws -> SQLiteConnection
    private let renewal = DispatchQueue(label: "postrider.sql.renewal")

    init(
        writer: SQLiteConnection,
        readers: [SQLiteConnection],
        openReader: @escaping @Sendable () throws -> SQLiteConnection
    ) {
        self.writer = writer
        self.readers = Mutex(Readers(connections: readers, loads: Array(repeating: 0, count: readers.count)))
        self.openReader = openReader
    }

    /// Reads on the connection with the least to do; one under which the file failed is opened anew first.
    func read<Value: Sendable>(_ body: @escaping @Sendable (SQLTransaction) throws -> Value) async throws -> Value {
        let (index, reader) = readers.withLock { readers in
            let index = readers.loads.indices.min { readers.loads[$0] < readers.loads[$1] } ?? 0
            readers.loads[index] += 1
            return (index, readers.connections[index])
        }
        defer { readers.withLock { $0.loads[index] -= 1 } }
        guard reader.isBroken else { return try await reader.read(body) }
        return try await renewed(index, reader).read(body)
    }

    /// Closes every connection once what was asked of it is done.
    func close() throws {
        let readers = readers.withLock { readers in
            readers.isClosed = true
            return readers.connections
        }
        // Readers go first, so that the writer is the last to leave and empties the write-ahead log.
        for reader in readers { try reader.close() }
        try writer.close()
    }

    private func renewed(_ index: Int, _ failed: SQLiteConnection) async throws -> SQLiteConnection {
        try await withCheckedThrowingContinuation { continuation in
            // Opening waits for the disk, which is nothing for the threads of tasks.
            renewal.async { [self] in continuation.resume(with: Result { try renew(index, failed) }) }
        }
    }

    /// On the queue only, so that of those who meet the same failed connection the first opens another for all.
    private func renew(_ index: Int, _ failed: SQLiteConnection) throws -> SQLiteConnection {
        let (current, isClosed) = readers.withLock { ($0.connections[index], $0.isClosed) }
        guard !isClosed else { throw Self.closed }
        guard current === failed else { return current }
        let fresh: SQLiteConnection
        do {
            fresh = try openReader()
        } catch {
            throw SQLError(opening: error)
        }
        let isTaken = readers.withLock { readers in
            if !readers.isClosed { readers.connections[index] = fresh }
            return !readers.isClosed
        }
        guard isTaken else {
            try? fresh.close()
            throw Self.closed
        }
        try? failed.close()
        return fresh
    }

    private static var closed: SQLError { SQLError(.closed, "the database is closed") }
}
