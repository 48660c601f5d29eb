#if Postgres
import PostriderPostgres

extension SQLError {
    /// The error for a user of the database; PostgreSQL's state is kept in the detail.
    init(_ error: PostgresError) {
        let code: Code =
            switch error.code {
            case .connectionFailed, .connectionLost, .poolExhausted: .unavailable
            case .commitUncertain: .commitUncertain
            case .deadlineExceeded: .deadlineExceeded
            case .cancelled: .cancelled
            case .poolClosed: .closed
            case .serverError: Self.code(ofState: error.sqlState ?? "", error.detail)
            default: .invalid
            }
        var detail = error.constraint.map { "\(error), constraint \($0)" } ?? error.description
        if Self.statesOfPooler.contains(error.sqlState ?? "") {
            detail += "; if a pooler in transaction mode is at DATABASE_URL, set DATABASE_POOLED=true"
        }
        self.init(code, detail)
    }

    /// A named statement that is there already, or is not: what happens when sessions change behind the connection's back.
    private static let statesOfPooler: Set<String> = ["42P05", "26000"]

    // PostgreSQL, appendix "PostgreSQL Error Codes".
    private static func code(ofState state: String, _ detail: String) -> Code {
        switch state {
        case "23505", "23P01": return .conflict
        case "40001", "40P01": return .serializationFailure
        // A table was changed under a prepared statement, or a pooler lost it: the next attempt prepares it anew.
        case "26000": return .serializationFailure
        case "0A000" where detail.contains("cached plan"): return .serializationFailure
        // Ended by statement_timeout, lock_timeout or idle_in_transaction_session_timeout.
        case "57014", "55P03", "25P03": return .deadlineExceeded
        default: break
        }
        return switch state.prefix(2) {
        case "23": .constraint
        case "08", "53", "57", "58", "F0", "XX": .unavailable
        default: .invalid
        }
    }
}
#endif
