import PostriderCore

/// Opens the writing connection: checks, settings, migrations, and proof that commits are synced.
struct DatabaseOpening: Sendable {
    // sqlite3.h: PRAGMA synchronous answers 2 for FULL; PRAGMA auto_vacuum answers 2 for INCREMENTAL.
    private static let synchronousFull: Int64 = 2
    private static let autoVacuumIncremental: Int64 = 2

    let folder: StoreFolder
    let settings: SQLiteSettings
    let migrator: Migrator

    /// A connection that may write; the database is at this program's schema.
    func openWriter() throws -> Connection<Writer> {
        let connection = try Connection(
            path: folder.databasePath,
            isReadOnly: false,
            make: { session in
                let version = try migrator.requireKnownVersion(of: session, folder: folder)
                if version == 0 {
                    // Both can only be chosen before the first page is written.
                    try session.execute("PRAGMA page_size = \(settings.pageBytes)")
                    try session.execute("PRAGMA auto_vacuum = INCREMENTAL")
                }
                try session.execute(
                    """
                    PRAGMA journal_mode = WAL;
                    PRAGMA wal_autocheckpoint = \(settings.checkpointPages);
                    PRAGMA journal_size_limit = \(settings.checkpointPages * settings.pageBytes * 4);
                    PRAGMA cache_size = -\(settings.writerCacheBytes / 1_024);
                    PRAGMA secure_delete = FAST;
                    PRAGMA temp_store = MEMORY;
                    """
                )
                try migrator.migrate(session, from: version, folder: folder)
                return Writer(session: session, settings: settings)
            },
            finish: { $0.session.finalize() }
        )
        try connection.perform { try requireDurability(of: $0.session) }
        return connection
    }

    /// Sets FULL when the connection is otherwise ready, since turning the log on may set it back, and reads it again.
    private func requireDurability(of session: Session) throws {
        try session.execute("PRAGMA synchronous = FULL")
        let synchronous = try session.integer("PRAGMA synchronous")
        let autoVacuum = try session.integer("PRAGMA auto_vacuum")
        let isLogOn = try session.integer("SELECT journal_mode = 'wal' FROM pragma_journal_mode")
        guard synchronous == Self.synchronousFull, autoVacuum == Self.autoVacuumIncremental, isLogOn == 1 else {
            throw StoreError(
                .refused,
                detail: """
                    SQLite does not take the settings that keep data safe in \(folder.path) (synchronous \
                    \(synchronous ?? -1), auto_vacuum \(autoVacuum ?? -1), write-ahead log \(isLogOn ?? -1)): use a local \
                    file system
                    """
            )
        }
    }
}
