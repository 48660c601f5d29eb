#if Postgres
/// The bounds of a pool and of the work on its connections.
package struct PostgresLimits: Sendable, Hashable {
    /// Connections open at once; default 10.
    package var connectionCountMax = 10
    /// Tasks that may wait for a connection; one more is refused at once; default 1,000.
    package var waiterCountMax = 1_000
    /// How long a task waits for a connection, one that must be made included; default 10 s.
    package var acquireTimeout: Duration = .seconds(10)
    /// How long making one connection to one host may take; default 5 s.
    package var connectTimeout: Duration = .seconds(5)
    /// How long a transaction may take, from asking for a connection to the answer to COMMIT; default 30 s.
    package var transactionTimeout: Duration = .seconds(30)
    /// How long the server works on one statement; default 15 s.
    package var statementTimeout: Duration = .seconds(15)
    /// How long the server waits for a lock; default 10 s.
    package var lockTimeout: Duration = .seconds(10)
    /// How long the server keeps a transaction in which nothing happens; default 10 s.
    package var idleInTransactionTimeout: Duration = .seconds(10)
    /// What a commit has at least, when the transaction's time is nearly over, and a rollback; default 2 s.
    package var settleTimeout: Duration = .seconds(2)
    /// How long a cancelled statement may take to end before its connection is given up; default 1 s.
    package var cancelGrace: Duration = .seconds(1)
    /// How long an unused connection stays open; default 60 s.
    package var idleTimeout: Duration = .seconds(60)
    /// How long a connection is used at all, so that a change of addresses is noticed; default 1 h.
    package var connectionAgeMax: Duration = .seconds(3_600)
    /// The first wait after a failed attempt to connect; it doubles with each further one; default 50 ms.
    package var backoffMin: Duration = .milliseconds(50)
    /// The longest wait between attempts to connect; default 1 s.
    package var backoffMax: Duration = .seconds(1)
    /// How long a shutdown waits for transactions under way; default 10 s.
    package var drainTimeout: Duration = .seconds(10)
    /// Named statements kept on a connection, when it has any; default 256.
    package var preparedStatementCountMax = 256
    /// Statements in one pipeline; default 5,000.
    package var pipelineCountMax = 5_000
    /// Bytes of one statement's parameters together; default 256 MiB.
    package var parameterBytesMax = 268_435_456
    /// Notifications that wait for a slow consumer before the oldest are dropped; default 1,024.
    package var notificationCountMax = 1_024
    /// How often a listener asks whether its connection lives, when nothing comes; default 15 s.
    package var listenerCheckInterval: Duration = .seconds(15)

    package init() {}

    /// Checks that every bound makes sense.
    ///
    /// - Throws: ``PostgresError`` with code `configuration_invalid` that names the bound.
    package func validate() throws(PostgresError) {
        let counts: [(String, Int)] = [
            ("connectionCountMax", connectionCountMax), ("preparedStatementCountMax", preparedStatementCountMax),
            ("pipelineCountMax", pipelineCountMax), ("parameterBytesMax", parameterBytesMax),
            ("notificationCountMax", notificationCountMax),
        ]
        for (name, value) in counts where value < 1 {
            throw PostgresError(.configurationInvalid, "\(name) must be at least 1")
        }
        if waiterCountMax < 0 { throw PostgresError(.configurationInvalid, "waiterCountMax must not be negative") }
        let times: [(String, Duration)] = [
            ("acquireTimeout", acquireTimeout), ("connectTimeout", connectTimeout),
            ("transactionTimeout", transactionTimeout), ("statementTimeout", statementTimeout),
            ("lockTimeout", lockTimeout), ("idleInTransactionTimeout", idleInTransactionTimeout),
            ("settleTimeout", settleTimeout), ("cancelGrace", cancelGrace), ("idleTimeout", idleTimeout),
            ("connectionAgeMax", connectionAgeMax), ("backoffMin", backoffMin), ("backoffMax", backoffMax),
            ("drainTimeout", drainTimeout), ("listenerCheckInterval", listenerCheckInterval),
        ]
        for (name, value) in times where value < .milliseconds(1) || value > .seconds(604_800) {
            throw PostgresError(.configurationInvalid, "\(name) must be from 1 ms to 7 days")
        }
    }
}
#endif
