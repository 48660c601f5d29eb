#if Postgres
/// One connection to the server, which works on a thread of its own.
actor PostgresConnection {
    private nonisolated let executor = ConnectionExecutor()
    nonisolated let signal: ConnectionSignal
    private nonisolated let configuration: PostgresConfiguration
    private var handle: PostgresHandle?

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private init(_ configuration: PostgresConfiguration) throws(PostgresError) {
        self.configuration = configuration
        signal = try ConnectionSignal()
    }

    /// Connects.
    ///
    /// - Throws: ``PostgresError``; nothing is left open then.
    static func open(
        _ configuration: PostgresConfiguration,
        until deadline: ContinuousClock.Instant
    ) async throws -> PostgresConnection {
        let connection = try PostgresConnection(configuration)
        let operation = PostgresOperation(deadline: deadline, signal: connection.signal)
        try await withTaskCancellationHandler {
            try await connection.connect(operation)
        } onCancel: {
            operation.cancel()
        }
        return connection
    }

    /// Whether it must not be used again; known without waiting.
    nonisolated var isBroken: Bool { signal.isBroken }

    /// Runs a transaction in one hop; see ``PostgresHandle/transaction(_:configuration:_:)``.
    func transaction<Value: Sendable>(
        _ kind: PostgresTransaction,
        _ operation: PostgresOperation,
        _ body: @Sendable (PostgresSession) throws -> Value
    ) throws -> Value {
        let handle = try opened(for: operation)
        return try handle.transaction(kind, configuration: configuration, body)
    }

    /// Runs statements that stand each for itself, in one hop.
    func autocommit<Value: Sendable>(
        _ operation: PostgresOperation,
        _ body: @Sendable (PostgresSession) throws -> Value
    ) throws -> Value {
        try opened(for: operation).autocommit(body)
    }

    /// Runs statements on the connection itself, as a listener does.
    func script(_ text: String, _ operation: PostgresOperation) throws {
        _ = try opened(for: operation).script(text)
    }

    /// Waits for notifications until the operation's deadline, a signal or a cancellation; then there are none.
    func notifications(_ operation: PostgresOperation) throws -> [PostgresNotification] {
        try opened(for: operation).notifications()
    }

    /// Closes it; what is under way ends first.
    func close() {
        signal.markBroken()
        handle = nil
    }

    private func connect(_ operation: PostgresOperation) throws(PostgresError) {
        handle = try PostgresHandle.connect(configuration, operation: operation, signal: signal)
    }

    private func opened(for operation: PostgresOperation) throws -> PostgresHandle {
        guard let handle else {
            throw NotStarted(cause: PostgresError(.connectionLost, "the connection is closed"))
        }
        handle.operation = operation
        return handle
    }
}
#endif
