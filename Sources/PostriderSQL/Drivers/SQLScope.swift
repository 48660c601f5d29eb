/// What one run of a transaction's body has done so far.
final class SQLScope {
    let session: any SQLSession
    /// The first failure of a statement that was not undone by a savepoint: it forbids everything but the rollback.
    var failure: SQLError?
    /// Savepoints that are open.
    var depth = 0
    /// To be delivered within the process after the commit.
    var notifications: [SentNotification] = []

    init(_ session: any SQLSession) {
        self.session = session
    }

    /// Runs the body; a statement's failure that the body kept to itself is thrown all the same.
    static func run<Value>(
        on session: any SQLSession,
        _ body: (SQLTransaction) throws -> Value
    ) throws -> (value: Value, notifications: [SentNotification]) {
        let scope = SQLScope(session)
        let value = try body(SQLTransaction(scope: scope))
        if let failure = scope.failure { throw failure }
        return (value, scope.notifications)
    }

    func statement<Value>(_ work: () throws -> Value) throws -> Value {
        if let failure { throw failure }
        do {
            return try work()
        } catch let error as SQLError {
            failure = error
            throw error
        }
    }
}
