/// The bounds of a database, in one place.
public struct SQLSettings: Sendable, Hashable {
    /// Connections that read a SQLite file at the same time.
    public var readerCount: Int
    /// Transactions that share one wait for the disk on SQLite at most.
    public var transactionsPerCommitMax: Int
    /// Transactions that may wait for their turn; one more is refused with `unavailable`.
    public var waitingTransactionCountMax: Int
    /// Milliseconds SQLite waits for another process that writes in the same file.
    public var busyMilliseconds: Int
    /// Prepared statements that each connection keeps.
    public var statementCountMax: Int
    /// Connections to PostgreSQL at most, without the one that listens.
    public var connectionCountMax: Int
    /// How long a connection to PostgreSQL may be unused before it is closed.
    public var idleTimeout: Duration
    /// The longest a transaction may wait for a connection to PostgreSQL, which includes making one.
    public var connectTimeout: Duration
    /// The longest a whole transaction on PostgreSQL may take; its statements are ended by the server too.
    public var transactionTimeout: Duration
    /// The longest all migrations of one call may take on PostgreSQL, the wait for others who migrate included.
    public var migrationTimeout: Duration
    /// Times a transaction is run at most when others get in its way.
    public var attemptCountMax: Int
    /// Notifications that wait for a slow reader; beyond that it is told that it may have missed some.
    public var waitingNotificationCountMax: Int
    /// How often a listener that cannot listen, behind a pooler, is told that it may have missed something.
    public var pollInterval: Duration

    /// Bounds that fit a server of some cores.
    public init(
        readerCount: Int = 3,
        transactionsPerCommitMax: Int = 256,
        waitingTransactionCountMax: Int = 10_000,
        busyMilliseconds: Int = 5_000,
        statementCountMax: Int = 256,
        connectionCountMax: Int = 8,
        idleTimeout: Duration = .seconds(60),
        connectTimeout: Duration = .seconds(10),
        transactionTimeout: Duration = .seconds(30),
        migrationTimeout: Duration = .seconds(600),
        attemptCountMax: Int = 4,
        waitingNotificationCountMax: Int = 1_024,
        pollInterval: Duration = .seconds(1)
    ) {
        self.readerCount = readerCount
        self.transactionsPerCommitMax = transactionsPerCommitMax
        self.waitingTransactionCountMax = waitingTransactionCountMax
        self.busyMilliseconds = busyMilliseconds
        self.statementCountMax = statementCountMax
        self.connectionCountMax = connectionCountMax
        self.idleTimeout = idleTimeout
        self.connectTimeout = connectTimeout
        self.transactionTimeout = transactionTimeout
        self.migrationTimeout = migrationTimeout
        self.attemptCountMax = attemptCountMax
        self.waitingNotificationCountMax = waitingNotificationCountMax
        self.pollInterval = pollInterval
    }
}
