/// One of the two databases, open.
protocol SQLDriver: Sendable {
    var dialect: SQLDialect { get }

    /// Runs a body in a transaction of its own and returns once it is committed.
    func transaction<Value: Sendable>(
        _ body: @escaping @Sendable (SQLTransaction) throws -> Value
    ) async throws -> Value

    /// Runs a body that writes nothing, on one state of the data.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (SQLTransaction) throws -> Value
    ) async throws -> Value

    /// Brings the schema up to date.
    func migrate(_ migrations: SQLMigrations) async throws

    /// Notifications of a channel from now on.
    func notifications(on channel: String) -> SQLNotifications

    /// Does what must go on beside the transactions, until the task is cancelled or shut down.
    func run() async throws

    /// Ends what runs and gives everything back; a second time does nothing.
    func close() async throws
}
