#if Postgres
/// How a transaction begins.
package struct PostgresTransaction: Sendable, Hashable {
    /// What a transaction sees of others.
    package enum Isolation: String, Sendable, Hashable {
        case readCommitted = "READ COMMITTED"
        case repeatableRead = "REPEATABLE READ"
        case serializable = "SERIALIZABLE"
    }

    package var isolation: Isolation
    package var isReadOnly: Bool

    package init(isolation: Isolation = .readCommitted, isReadOnly: Bool = false) {
        self.isolation = isolation
        self.isReadOnly = isReadOnly
    }

    /// Reads and writes, and sees what others have committed.
    package static let readWrite = PostgresTransaction()

    /// Only reads.
    package static let readOnly = PostgresTransaction(isReadOnly: true)

    var text: String {
        "BEGIN ISOLATION LEVEL \(isolation.rawValue)\(isReadOnly ? " READ ONLY" : " READ WRITE")"
    }
}
#endif
