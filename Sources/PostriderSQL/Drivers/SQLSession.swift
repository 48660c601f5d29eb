/// A connection of either database while a transaction has it.
protocol SQLSession: AnyObject {
    var dialect: SQLDialect { get }

    /// Runs one statement and passes by its rows.
    ///
    /// - Returns: Rows inserted, changed or removed.
    /// - Throws: ``SQLError``.
    func execute(_ sql: SQL) throws -> Int

    /// Runs one statement and hands over its rows until one is answered with false.
    ///
    /// - Throws: ``SQLError``.
    func forEach(_ sql: SQL, _ body: (SQLRow) -> Bool) throws

    /// Sends a notification with the transaction, when the database itself sends them.
    ///
    /// - Returns: False when it does not, and the notification is to be delivered within the process after the commit.
    func notify(_ notification: SentNotification) throws -> Bool
}
