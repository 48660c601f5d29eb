/// Migrates a file, and copies it first when there is something to lose (decision 30).
struct SQLiteMigrator {
    let session: SQLiteSession
    let file: SQLiteFile

    func migrate(_ wanted: SQLMigrations) throws {
        let made = try session.snapshot { try SchemaMigrator(transaction: $0).madeCount(of: wanted) }
        // Everything is made already: no reason to write.
        if made == wanted.migrations.count { return }
        if made > 0, !file.isTemporary { try copy(beforeLeaving: made, of: wanted.namespace) }
        do {
            // Another process may have migrated in between: what is missing is found out once more.
            try session.control("BEGIN IMMEDIATE")
            _ = try SQLScope.run(on: session) { try SchemaMigrator(transaction: $0).migrate(wanted) }
            try session.control("COMMIT")
        } catch {
            session.rollBack()
            throw error
        }
    }

    private func copy(beforeLeaving number: Int, of namespace: String) throws {
        let path = "\(file.path)-before-\(namespace)-\(number + 1)"
        // One that is there is of a migration that did not end: the data is still what it was then, or later.
        guard !file.exists(path) else { return }
        let partialPath = path + ".partial"
        file.remove(partialPath)
        try file.make(partialPath)
        _ = try session.execute("VACUUM INTO \(partialPath)")
        try file.settle(partialPath, as: path)
    }
}
