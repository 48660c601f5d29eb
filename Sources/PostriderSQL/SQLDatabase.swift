public import Logging
public import ServiceLifecycle

/// An application's database: SQLite or PostgreSQL behind one interface.
///
/// A transaction is a synchronous closure that runs wholly on a connection's own thread, so that it holds up no task. As a
/// `Service` it delivers PostgreSQL's notifications; without ``run()`` transactions work, but nobody hears of other
/// processes' changes.
public final class SQLDatabase: Sendable, Service {
    private let driver: any SQLDriver

    /// Opens a database; a SQLite file that is missing is made.
    ///
    /// A PostgreSQL server need not be there yet: the first transaction connects.
    ///
    /// - Throws: ``SQLError``: `unavailable` when the file cannot be used, `invalid` when the location makes no sense.
    public static func open(
        _ location: SQLLocation,
        settings: SQLSettings = SQLSettings(),
        logger: Logger = Logger(label: "postrider.sql")
    ) async throws -> SQLDatabase {
        switch location.place {
        case .file(let path): SQLDatabase(try SQLiteDriver.open(path: path, settings: settings, logger: logger))
        case .temporary: SQLDatabase(try SQLiteDriver.openTemporary(settings: settings, logger: logger))
        case .postgres(let location):
            #if Postgres
            SQLDatabase(try PostgresDriver(location, settings: settings, logger: logger))
            #else
            throw SQLError(
                .invalid,
                "\(location.isPooled ? "a pooler" : "PostgreSQL") needs the package trait Postgres"
            )
            #endif
        }
    }

    init(_ driver: any SQLDriver) {
        self.driver = driver
    }

    /// Which database it is.
    public var dialect: SQLDialect { driver.dialect }

    /// Runs a body in a transaction and returns once it is committed, durably.
    ///
    /// Transactions are read committed on PostgreSQL and one after the other on SQLite. The body may run again, up to three
    /// times, when others got in its way and nothing of it was kept: it must have no effect but its statements.
    ///
    /// - Parameter body: Synchronous, and short: on SQLite all other writers wait for it.
    /// - Throws: What the body throws, or ``SQLError``; in both cases nothing was written, except with the code
    ///   ``SQLError/Code/commitUncertain``.
    @discardableResult
    public func transaction<Value: Sendable>(
        _ body: @escaping @Sendable (SQLTransaction) throws -> Value
    ) async throws -> Value {
        try await driver.transaction(body)
    }

    /// Runs a body that only reads, on one and the same state of the data.
    ///
    /// - Throws: What the body throws, or ``SQLError``; `invalid` when it tries to write.
    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (SQLTransaction) throws -> Value
    ) async throws -> Value {
        try await driver.read(body)
    }

    /// Brings the schema up to date; migrations that were made before are passed by.
    ///
    /// All that are missing are made in one transaction; others that migrate at the same time wait. A SQLite database that
    /// has migrations already is copied beside its file first.
    ///
    /// - Throws: ``SQLError``: `schemaTooNew`, `schemaUnsuitable`, or any other; nothing was changed.
    public func migrate(_ migrations: SQLMigrations) async throws {
        try await driver.migrate(migrations)
    }

    /// Notifications of a channel from now on, beginning with ``SQLNotification/mayHaveMissed`` when listening has begun.
    ///
    /// SQLite delivers those of this ``SQLDatabase`` only. PostgreSQL delivers everybody's while ``run()`` runs.
    public func notifications(on channel: String) -> SQLNotifications {
        driver.notifications(on: channel)
    }

    /// Delivers notifications until shutdown.
    public func run() async throws {
        try await driver.run()
    }

    /// Ends what runs and waits, refuses everything else with `closed`, and gives the connections back.
    public func close() async throws {
        try await driver.close()
    }
}
