public import PostriderJobs
public import PostriderSQL

extension JobContext {
    /// Runs the writes of a handler and the end of its delivery in one transaction: all of it is kept, or nothing.
    ///
    /// What the body writes, the done marker of the message, the reservation of its business event and the end of its record commit together,
    /// so that they happen once, whatever is delivered again. Effects outside of the database do not belong in the body: give them a key of
    /// their own, such as `JobContext.messageID`, and cause them before, or by a message that is published afterwards.
    ///
    /// ```swift
    /// routes.job(BookTrip.self) { trip, context in
    ///     try await context.transaction { transaction in
    ///         try transaction.execute("INSERT INTO trip (id, name) VALUES (\(trip.id), \(trip.name))")
    ///         return .done
    ///     }
    /// }
    /// ```
    ///
    /// - Parameter body: Synchronous, and short. It may run again when others got in its way, so it must have no effect but its statements.
    ///   An outcome that is neither done nor skipped undoes its writes, and is the handler's outcome all the same.
    /// - Returns: The outcome; return it from the handler.
    /// - Throws: What the body throws; `JobsError` with code `lock_lost` when another delivery has the message by now,
    ///   `transaction_unavailable` when the server's ledger is no ``SQLJobStorage``, `already_completed` for a second call that would succeed,
    ///   `store_unavailable` when the database failed. In all these cases nothing was written, except when a commit was
    ///   never answered: then the next delivery finds out.
    public func transaction(
        _ body: @escaping @Sendable (SQLTransaction) throws -> JobOutcome
    ) async throws -> JobOutcome {
        guard let storage = storage.ledger as? SQLJobStorage else {
            throw JobsError(.transactionUnavailable, "the ledger of this server is in no SQL database")
        }
        return try await complete { completion in
            do {
                return try await storage.database.transaction { transaction in
                    let outcome = try body(transaction)
                    guard outcome.isSuccess else { throw Unsuccessful(outcome: outcome) }
                    guard try SQLJobStorage.write(completion(outcome), in: transaction) else {
                        throw JobsError(.lockLost, "another delivery has the message by now")
                    }
                    return outcome
                }
            } catch let unsuccessful as Unsuccessful {
                return unsuccessful.outcome
            } catch let error as SQLError where SQLJobStorage.isOutage(error) {
                throw SQLJobStorage.failure(error)
            }
        }
    }
}

/// Undoes a transaction whose outcome is to be kept.
private struct Unsuccessful: Error {
    let outcome: JobOutcome
}
