import Logging
import ServiceLifecycle

/// SQLite: one writer, some readers, notifications within the process.
final class SQLiteDriver: SQLDriver {
    let committer: SQLiteCommitter
    private let file: SQLiteFile
    private let hub: NotificationHub

    init(file: SQLiteFile, settings: SQLSettings, logger: Logger) throws {
        let opening = SQLiteOpening(file: file, settings: settings)
        let hub = NotificationHub(countMax: settings.waitingNotificationCountMax)
        self.file = file
        self.hub = hub
        self.committer = SQLiteCommitter(
            try opening.open(),
            settings: settings,
            hub: hub,
            logger: logger,
            open: opening.open
        )
    }

    deinit {
        // For one that was not closed; the connections go with it.
        file.removeIfTemporary()
    }

    /// Opens a file and makes it when it is missing; blocks while it does.
    static func open(path: String, settings: SQLSettings, logger: Logger) throws -> SQLiteDriver {
        try SQLiteDriver(file: SQLiteFile(path: path), settings: settings, logger: logger)
    }

    /// Opens a file of its own that is removed when the driver is closed.
    static func openTemporary(settings: SQLSettings, logger: Logger) throws -> SQLiteDriver {
        try SQLiteDriver(
            file: SQLiteFile(temporaryIn: SQLiteFile.temporaryFolder),
            settings: settings,
            logger: logger
        )
    }

    var dialect: SQLDialect { .sqlite }

    func transaction<Value: Sendable>(
        _ body: @escaping @Sendable (SQLTransaction) throws -> Value
    ) async throws -> Value {
        try await committer.write(body)
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (SQLTransaction) throws -> Value
    ) async throws -> Value {
        try await committer.opened().read(body)
    }

    func migrate(_ migrations: SQLMigrations) async throws {
        let file = file
        try await committer.exclusively { session in
            try SQLiteMigrator(session: session, file: file).migrate(migrations)
        }
    }

    func notifications(on channel: String) -> SQLNotifications {
        hub.subscribe(to: channel)
    }

    func run() async throws {
        try await gracefulShutdown()
    }

    func close() async throws {
        hub.close()
        try await committer.close()
        file.removeIfTemporary()
    }
}
