#if Postgres
import CLibPQ

/// Work that ended before any of its own statements was sent, so that another connection may take it.
struct NotStarted: Error {
    let cause: PostgresError
}

extension PostgresHandle {
    /// Runs a closure in a transaction and commits it.
    ///
    /// - Throws: ``NotStarted`` when the transaction could not begin; what the closure throws, after a rollback; ``PostgresError``
    ///   with code `commit_uncertain` when the answer to COMMIT did not come.
    func transaction<Value>(
        _ kind: PostgresTransaction,
        configuration: PostgresConfiguration,
        _ body: (PostgresSession) throws -> Value
    ) throws -> Value {
        do throws(PostgresError) {
            try begin(kind, configuration)
        } catch {
            if PQtransactionStatus(connection) != PQTRANS_IDLE { rollBack() }
            throw NotStarted(cause: error)
        }
        let session = PostgresSession(self)
        let value: Value
        do {
            value = try body(session)
            session.close()
            try checkBeforeCommit()
        } catch {
            session.close()
            rollBack()
            throw error
        }
        try commit()
        return value
    }

    /// Runs a closure whose statements stand each for itself.
    func autocommit<Value>(_ body: (PostgresSession) throws -> Value) throws -> Value {
        guard isAlive() else {
            signal.markBroken()
            throw NotStarted(cause: PostgresError(.connectionLost, "the connection had broken"))
        }
        if let code = operation.interruption { throw PostgresError.interrupted(code) }
        let session = PostgresSession(self)
        defer {
            session.close()
            // A transaction that the closure began itself ends here.
            if !isBroken, PQtransactionStatus(connection) != PQTRANS_IDLE { rollBack() }
        }
        do {
            return try body(session)
        } catch let error as PostgresError where isBroken && Self.leavesOpen.contains(error.code) {
            throw PostgresError(.commitUncertain, error.detail, sqlState: error.sqlState)
        }
    }

    /// What a statement that stands for itself may have been followed by, when its answer did not come.
    private static let leavesOpen: Set<PostgresError.Code> = [.connectionLost, .cancelled, .deadlineExceeded]

    private func begin(_ kind: PostgresTransaction, _ configuration: PostgresConfiguration) throws(PostgresError) {
        guard isAlive() else {
            signal.markBroken()
            throw PostgresError(.connectionLost, "the connection had broken")
        }
        // The server need not work on what nobody waits for.
        let remaining = ContinuousClock.now.duration(to: operation.deadline)
        let statementTimeout = min(limits.statementTimeout, remaining)
        try script("\(kind.text);\(configuration.settingsText(isLocal: true, statementTimeout: statementTimeout))")
    }

    private func checkBeforeCommit() throws(PostgresError) {
        if isBroken { throw PostgresError(.connectionLost, "the connection to the server broke") }
        if let code = operation.interruption { throw .interrupted(code) }
        switch PQtransactionStatus(connection) {
        case PQTRANS_INTRANS: return
        case PQTRANS_INERROR:
            throw PostgresError(
                .serverError,
                "a statement has failed, so that nothing can be committed",
                sqlState: "25P02"
            )
        default: throw PostgresError(.protocolError, "the closure ended the transaction itself")
        }
    }

    /// Commits, and waits for the answer even when the task is cancelled meanwhile.
    private func commit() throws(PostgresError) {
        do throws(PostgresError) {
            let results = try settle("COMMIT")
            guard results.last?.commandTag == "COMMIT" else {
                throw PostgresError(.serverError, "the server rolled the transaction back", sqlState: "40000")
            }
        } catch {
            guard isBroken else { throw error }
            throw PostgresError(
                .commitUncertain,
                "the answer to the commit did not come: \(error.detail)",
                sqlState: error.sqlState
            )
        }
    }

    /// Rolls back; a connection on which that fails is given up.
    private func rollBack() {
        guard !isBroken else { return }
        do throws(PostgresError) {
            try settle("ROLLBACK")
            if PQtransactionStatus(connection) != PQTRANS_IDLE { signal.markBroken() }
        } catch {
            signal.markBroken()
        }
    }

    /// Runs what ends a transaction: not to be cancelled, and with a time of its own at the end.
    @discardableResult
    private func settle(_ text: String) throws(PostgresError) -> [PostgresResult] {
        let work = operation
        operation = PostgresOperation(
            deadline: max(work.deadline, ContinuousClock.now + limits.settleTimeout),
            signal: signal
        )
        isInterruptible = false
        defer {
            operation = work
            isInterruptible = true
        }
        return try script(text)
    }
}
#endif
