/// Which database speaks.
public enum SQLDialect: String, Sendable, Hashable, CaseIterable {
    /// SQLite, a file of the process.
    case sqlite
    /// PostgreSQL, a server.
    case postgres
}
