#if Postgres
/// What went wrong between this process and PostgreSQL.
package struct PostgresError: Error, Sendable, Hashable {
    /// What kind of failure, for programs.
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The stable text, in lower case with underscores.
        package let description: String

        private init(_ description: String) { self.description = description }

        /// No connection could be made; nothing was done.
        package static let connectionFailed = Code("connection_failed")
        /// The connection broke before the commit was asked for; nothing was done.
        package static let connectionLost = Code("connection_lost")
        /// The connection broke while a commit, or a statement outside of a transaction, was under way: it may have happened or not.
        package static let commitUncertain = Code("commit_uncertain")
        /// The time for it ran out; nothing was done.
        package static let deadlineExceeded = Code("deadline_exceeded")
        /// The task was cancelled; nothing was done.
        package static let cancelled = Code("cancelled")
        /// No connection became free in time, or too many wait for one; nothing was done.
        package static let poolExhausted = Code("pool_exhausted")
        /// The pool is shut down; nothing was done.
        package static let poolClosed = Code("pool_closed")
        /// The server refused a statement; the transaction is rolled back.
        package static let serverError = Code("server_error")
        /// An answer could not be understood, or a value is not of the type that was asked for.
        package static let protocolError = Code("protocol_error")
        /// The connection string or a bound is not usable.
        package static let configurationInvalid = Code("configuration_invalid")
    }

    /// What kind of failure.
    package let code: Code

    /// What happened, in words: for a server's error its primary message alone, without the values of data exceptions.
    package let detail: String

    /// The server's five-character code, for example `23505`; nil when the failure is not the server's.
    package let sqlState: String?

    /// The constraint that was broken, by name, when the server names one.
    package let constraint: String?

    package init(_ code: Code, _ detail: String, sqlState: String? = nil, constraint: String? = nil) {
        self.code = code
        self.detail = detail
        self.sqlState = sqlState
        self.constraint = constraint
    }

    /// Whether the same work may be tried again from the start, because this time did nothing and another may succeed.
    ///
    /// Serialization failures, deadlocks, a server that shuts down or starts, and lost connections; never an uncertain commit.
    package var isRetryable: Bool {
        if code == .poolExhausted { return true }
        guard code == .serverError || code == .connectionLost || code == .connectionFailed else { return false }
        guard let sqlState else { return code != .serverError }
        return Self.retryableStates.contains(sqlState) || sqlState.hasPrefix("08")
    }

    private static let retryableStates: Set<String> = [
        "40001", "40P01",  // serialization failure, deadlock
        "57P01", "57P02", "57P03",  // shutdown, crash, starting up
        "53300",  // too many connections
    ]
}

extension PostgresError: CustomStringConvertible {
    /// Code, state and detail.
    package var description: String {
        sqlState.map { "\(code) (\($0)): \(detail)" } ?? "\(code): \(detail)"
    }
}
#endif
