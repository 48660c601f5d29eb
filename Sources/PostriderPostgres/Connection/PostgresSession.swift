#if Postgres
/// What a transaction's closure speaks to the server with.
///
/// Its calls wait on the connection's own thread. It is of use during the closure alone.
package final class PostgresSession {
    private let handle: PostgresHandle
    private var isOpen = true

    init(_ handle: PostgresHandle) { self.handle = handle }

    /// Runs one statement and gives its rows.
    ///
    /// - Throws: ``PostgresError``. After a `server_error` the transaction takes no more statements, unless the closure goes back to
    ///   a savepoint.
    package func query(_ statement: PostgresStatement) throws(PostgresError) -> PostgresResult {
        try open().query(statement)
    }

    /// Runs one statement and gives its rows.
    package func query(_ text: String, _ parameters: PostgresValue...) throws(PostgresError) -> PostgresResult {
        try open().query(PostgresStatement(text, parameters))
    }

    /// Runs one statement and gives the number of rows it touched.
    @discardableResult
    package func execute(_ statement: PostgresStatement) throws(PostgresError) -> Int {
        try open().query(statement).affectedRowCount
    }

    /// Runs one statement and gives the number of rows it touched.
    @discardableResult
    package func execute(_ text: String, _ parameters: PostgresValue...) throws(PostgresError) -> Int {
        try open().query(PostgresStatement(text, parameters)).affectedRowCount
    }

    /// Runs statements in order with one wait for the network, and gives what each answered.
    ///
    /// - Throws: ``PostgresError``, that of the first statement to fail; those after it have not run.
    @discardableResult
    package func pipeline(_ statements: [PostgresStatement]) throws(PostgresError) -> [PostgresResult] {
        try open().pipeline(statements)
    }

    /// Runs a text of several statements, divided by semicolons, without parameters.
    @discardableResult
    package func script(_ text: String) throws(PostgresError) -> [PostgresResult] {
        try open().script(text)
    }

    /// Lets nobody use it any longer.
    func close() { isOpen = false }

    private func open() throws(PostgresError) -> PostgresHandle {
        guard isOpen else { throw PostgresError(.protocolError, "the transaction of this session is over") }
        return handle
    }
}
#endif
