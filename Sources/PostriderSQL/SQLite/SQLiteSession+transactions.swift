import GRDBSQLite

extension SQLiteSession {
    /// What became of a transaction within a group that was committed.
    enum Settled {
        case performed(PerformedTransaction)
        case failed(QueuedTransaction, any Error)
    }

    /// Why nothing of a group was committed.
    enum GroupFailure: Error {
        /// Before the first of them ran: the file is in somebody else's hands, or failed.
        case begin(SQLiteFailure)
        /// Before the commit: nothing was written.
        case body(any Error)
        /// In the commit itself.
        case commit(SQLiteFailure)
    }

    private static let savepoint = "SAVEPOINT postrider_group"
    private static let rollbackToSavepoint = "ROLLBACK TO SAVEPOINT postrider_group"
    private static let release = "RELEASE SAVEPOINT postrider_group"

    /// Runs transactions one after the other and commits them together; each succeeds or fails for itself.
    ///
    /// - Throws: ``GroupFailure`` when none of them was committed; after the failure of a body the group may be tried one by
    ///   one, unless the session is damaged.
    func commitTogether(_ group: [QueuedTransaction]) throws(GroupFailure) -> [Settled] {
        var settled: [Settled] = []
        settled.reserveCapacity(group.count)
        do throws(SQLiteFailure) {
            try control("BEGIN IMMEDIATE")
        } catch {
            rollBack()
            throw .begin(error)
        }
        do {
            for queued in group { settled.append(try run(queued, isAlone: group.count == 1)) }
        } catch {
            rollBack()
            throw .body(error)
        }
        // The only one has failed and is rolled back.
        guard isInTransaction else { return settled }
        do throws(SQLiteFailure) {
            try control("COMMIT")
        } catch {
            rollBack()
            throw .commit(error)
        }
        return settled
    }

    private func run(_ queued: QueuedTransaction, isAlone: Bool) throws -> Settled {
        if !isAlone { try control(Self.savepoint) }
        do {
            let performed = try queued.perform(self)
            // Nothing of the others may be taken for committed because one body got around the rules.
            guard isInTransaction else { throw SQLError(.invalid, "the transaction was ended within its closure") }
            if !isAlone { try control(Self.release) }
            return .performed(performed)
        } catch {
            // Some errors end the whole transaction; then the others of the group are tried again without this one.
            guard isInTransaction, !isDamaged else { throw error }
            if isAlone {
                try control("ROLLBACK")
            } else {
                try control(Self.rollbackToSavepoint)
                try control(Self.release)
            }
            return .failed(queued, error)
        }
    }

    /// Runs a body that only reads, on one state of the data.
    func snapshot<Value>(_ body: (SQLTransaction) throws -> Value) throws -> Value {
        do {
            try control("BEGIN")
        } catch {
            throw error.error
        }
        // A transaction that only read has nothing to lose.
        defer { rollBack() }
        return try SQLScope.run(on: self, body).value
    }

    /// Ends whatever transaction is open.
    func rollBack() {
        // SQLite may have ended it by itself; an interruption may meet the first try, when it was meant for what came before.
        for _ in 0..<2 where isInTransaction { try? control("ROLLBACK") }
        // One that cannot be ended would take in whatever comes next.
        if isInTransaction { markDamaged() }
    }
}
