/// Where a PostgreSQL server is.
struct PostgresLocation: Sendable, Hashable {
    /// May hold a password.
    let url: String
    let isPooled: Bool
    /// The server past the pooler; may hold a password.
    let directURL: String?

    /// Where sessions keep their state: for listening and migrations; nil when only a pooler can be reached.
    var sessionURL: String? { directURL ?? (isPooled ? nil : url) }
}
