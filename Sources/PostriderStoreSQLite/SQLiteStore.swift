package import PostriderCore

/// The store on SQLite, in one folder that one process uses at a time: the embedded default.
///
/// One connection writes, in transactions that waiting writes share; a few read. A write is answered after it survives the
/// loss of power: the log is synced with every transaction.
package final class SQLiteStore: MessageStore {
    package let storeID: StoreID
    package let highestKey: MessageKey?
    /// Whether the process that last had the folder open did not close the store: it was killed, or the power failed.
    package let wasStoppedUncleanly: Bool

    let committer: Committer
    let readers: ReaderPool
    private let folder: StoreFolder

    /// Opens the store of a folder and makes what is missing; blocks while it does.
    ///
    /// - Parameters:
    ///   - path: The folder; its parent must be there.
    ///   - random: Gives a new store its number.
    /// - Throws: ``StoreError`` with code `refused` when the folder is in use, cannot be used, or is of a newer program.
    package convenience init(
        folder path: String,
        random: any RandomSource,
        settings: SQLiteSettings = SQLiteSettings()
    ) throws(StoreError) {
        try self.init(folder: path, random: random, settings: settings, migrations: Migration.all)
    }

    init(
        folder path: String,
        random: any RandomSource,
        settings: SQLiteSettings,
        migrations: [Migration]
    ) throws(StoreError) {
        let folder = try StoreFolder(path: path)
        do {
            try folder.makeFile(folder.databasePath)
            let opening = DatabaseOpening(
                folder: folder,
                settings: settings,
                migrator: Migrator(migrations: migrations)
            )
            let connection = try opening.openWriter()
            let start = try connection.perform { writer in
                try writer.transaction { try writer.start(random) }
            }
            self.readers = try ReaderPool(path: folder.databasePath, settings: settings)
            self.committer = Committer(connection: connection, settings: settings, open: opening.openWriter)
            self.storeID = start.storeID
            self.highestKey = start.highestKey
            self.wasStoppedUncleanly = start.wasStoppedUncleanly
            self.folder = folder
        } catch {
            folder.release()
            throw StoreError(error)
        }
    }

    /// Transactions made durable since the store was opened; fewer than writes when those came together.
    package var commitCount: Int { committer.commitCount }

    /// Finishes the writes that wait, notes that the store was closed in order, and gives the folder up.
    ///
    /// Afterwards every verb throws `closed`; closing again does nothing.
    package func close() async throws(StoreError) {
        try await committer.close(
            { [readers] writer in
                // Readers go first, so that the writer is the last to leave and empties the write-ahead log.
                try readers.close()
                try writer.stop()
            },
            release: { [folder] in folder.release() }
        )
    }
}
