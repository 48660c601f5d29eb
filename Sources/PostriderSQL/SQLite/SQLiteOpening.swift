/// Opens the connections of a file: settings, and proof that commits are synced.
struct SQLiteOpening: Sendable {
    // sqlite3.h: PRAGMA synchronous answers 2 for FULL.
    private static let synchronousFull: Int64 = 2

    let file: SQLiteFile
    let settings: SQLSettings

    func open() throws -> SQLiteConnections {
        do {
            try file.make()
            let writer = try openWriter()
            let readers = try (0..<max(1, settings.readerCount)).map { _ in try openReader() }
            return SQLiteConnections(writer: writer, readers: readers, openReader: openReader)
        } catch {
            throw SQLError(opening: error)
        }
    }

    @Sendable private func openReader() throws -> SQLiteConnection {
        try SQLiteConnection(path: file.path, isReadOnly: true, settings: settings) { _ in }
    }

    private func openWriter() throws -> SQLiteConnection {
        let writer = try SQLiteConnection(path: file.path, isReadOnly: false, settings: settings) { session in
            // The first row of the answer is the mode; the statement does its work with it.
            _ = try session.execute("PRAGMA journal_mode = WAL")
            _ = try session.execute("PRAGMA foreign_keys = ON")
            _ = try session.execute("PRAGMA temp_store = MEMORY")
        }
        try writer.perform { session in
            // Set when the connection is otherwise ready, since turning the log on may set it back, and read again.
            _ = try session.execute("PRAGMA synchronous = FULL")
            let synchronous = try session.integer("PRAGMA synchronous")
            let isLogOn = try session.integer("SELECT journal_mode = 'wal' FROM pragma_journal_mode")
            let areKeysChecked = try session.integer("PRAGMA foreign_keys")
            guard synchronous == Self.synchronousFull, isLogOn == 1, areKeysChecked == 1 else {
                throw SQLError(
                    .unavailable,
                    """
                    SQLite does not take the settings that keep data safe in \(file.path) (synchronous \
                    \(synchronous ?? -1), write-ahead log \(isLogOn ?? -1), foreign keys \(areKeysChecked ?? -1)): use a \
                    local file system
                    """
                )
            }
        }
        return writer
    }
}
