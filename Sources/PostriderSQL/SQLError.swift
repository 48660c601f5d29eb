/// Why the database did not do what it was asked.
///
/// The detail names tables, columns and constraints, never values.
public struct SQLError: Error, Sendable, Hashable {
    /// What kind of failure, for programs.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The stable text, in lower case with underscores.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// The database cannot be reached, is full or failed; nothing was written, and later it may work.
        public static let unavailable = Code("sql_unavailable")
        /// The transaction's commit was asked for and never answered: it is there as a whole, or not at all.
        public static let commitUncertain = Code("sql_commit_uncertain")
        /// A unique index or primary key has such a row already; nothing was written.
        public static let conflict = Code("sql_conflict")
        /// A check, a reference or a NOT NULL forbids the row; nothing was written.
        public static let constraint = Code("sql_constraint")
        /// Transactions got into each other's way, after all repetitions; nothing was written.
        public static let serializationFailure = Code("sql_serialization_failure")
        /// The database was migrated by a newer program than this one; nothing was changed.
        public static let schemaTooNew = Code("sql_schema_too_new")
        /// A table that is there lacks something that cannot be added to it; nothing was changed.
        public static let schemaUnsuitable = Code("sql_schema_unsuitable")
        /// The statement, its parameters or an option is wrong; nothing was written.
        public static let invalid = Code("sql_invalid")
        /// A column does not hold the type that was asked for.
        public static let typeMismatch = Code("sql_type_mismatch")
        /// The task was cancelled; nothing was written.
        public static let cancelled = Code("sql_cancelled")
        /// The database was closed; nothing was written.
        public static let closed = Code("sql_closed")
        /// The time was up; nothing was written.
        public static let deadlineExceeded = Code("sql_deadline_exceeded")
    }

    /// What kind of failure.
    public let code: Code

    /// What happened, for the log of the one who runs it; no values, no secret.
    public let detail: String

    /// A failure.
    public init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }
}

extension SQLError: CustomStringConvertible {
    /// Code and detail.
    public var description: String { "\(code): \(detail)" }
}
