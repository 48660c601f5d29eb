import PostriderCore

/// Brings a database to the schema of this program.
struct Migrator {
    let migrations: [Migration]

    /// Refuses a database of a newer program, before anything in it is changed.
    ///
    /// - Returns: The steps the database has taken; 0 for one that was just made.
    func requireKnownVersion(of session: Session, folder: StoreFolder) throws -> Int {
        let version = Int(try session.integer("PRAGMA user_version") ?? 0)
        guard version <= migrations.count else {
            throw StoreError(
                .refused,
                detail: """
                    the data in \(folder.path) has schema \(version), of a newer program than this one, which knows \
                    \(migrations.count): run that program, or restore a backup that this one made
                    """
            )
        }
        return version
    }

    /// Takes the steps that are missing, all in one transaction; a database that has data is copied first (decision 30).
    func migrate(_ session: Session, from version: Int, folder: StoreFolder) throws {
        guard version < migrations.count else { return }
        if version > 0 { try copy(session, version: version, folder: folder) }
        try session.execute("BEGIN IMMEDIATE")
        do {
            for migration in migrations[version...] { try session.execute(migration.sql) }
            try session.execute("PRAGMA user_version = \(migrations.count)")
            try session.execute("COMMIT")
        } catch {
            if session.isInTransaction { try? session.execute("ROLLBACK") }
            throw error
        }
    }

    private func copy(_ session: Session, version: Int, folder: StoreFolder) throws {
        let path = folder.copyPath(beforeLeaving: version)
        // A copy that is there was made by a migration that did not finish: the data is still what it was then, or later.
        guard !folder.hasFile(path) else { return }
        let partialPath = path + ".partial"
        try folder.removeFile(partialPath)
        try folder.makeFile(partialPath)
        let statement = try session.statement(SQLText("VACUUM INTO ?"))
        try statement.bind(partialPath, at: 1)
        try statement.run()
        try folder.syncFile(partialPath)
        try folder.renameFile(partialPath, to: path)
    }
}
