/// Where the application's data is.
public struct SQLLocation: Sendable, Hashable {
    enum Place: Sendable, Hashable {
        case file(path: String)
        case temporary
        case postgres(PostgresLocation)
    }

    let place: Place

    /// A SQLite file, made when it is missing; its folder too, when the folder above is there.
    public static func file(_ path: String) -> SQLLocation { SQLLocation(place: .file(path: path)) }

    /// A SQLite file for a test, removed when the database is closed.
    public static let temporary = SQLLocation(place: .temporary)

    /// A PostgreSQL server; needs the package trait `Postgres`.
    ///
    /// - Parameters:
    ///   - url: `postgres://…`, `postgresql://…`, or libpq's `key=value` words.
    ///   - isPooled: Whether a pooler in transaction mode (pgbouncer, Supavisor) is at `url`.
    ///   - directURL: The server itself, past the pooler, for listening and migrations; nil when `url` is that, or when
    ///     there is none: then notifications are replaced by a regular ``SQLNotification/mayHaveMissed``.
    public static func postgres(url: String, isPooled: Bool = false, directURL: String? = nil) -> SQLLocation {
        SQLLocation(place: .postgres(PostgresLocation(url: url, isPooled: isPooled, directURL: directURL)))
    }

    /// The place that the environment names, else `application.sqlite` in the data folder.
    ///
    /// `DATABASE_URL` is a `postgres://` or `postgresql://` URL or libpq's `key=value` words, `sqlite:` and a path, or a path
    /// without any of `: = @ ?`. `DATABASE_DIRECT_URL` is the
    /// server past a pooler, and its presence says that `DATABASE_URL` is a pooler's; so does `DATABASE_POOLED=true`.
    ///
    /// - Throws: ``SQLError`` with code ``SQLError/Code/invalid``, which names the variable and not its value.
    public init(environment: [String: String], dataFolder: String) throws {
        func word(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let url = word("DATABASE_URL") else {
            self = .file(
                dataFolder.hasSuffix("/") ? dataFolder + "application.sqlite" : dataFolder + "/application.sqlite"
            )
            return
        }
        if Self.isPostgres(url) {
            let directURL = word("DATABASE_DIRECT_URL")
            if let directURL, !Self.isPostgres(directURL) {
                throw SQLError(
                    .invalid,
                    "DATABASE_DIRECT_URL must begin with postgres:// or postgresql://, or be libpq's key=value words"
                )
            }
            let isPooled = try Self.truth(word("DATABASE_POOLED"), name: "DATABASE_POOLED")
            self = .postgres(url: url, isPooled: isPooled ?? (directURL != nil), directURL: directURL)
        } else if url.hasPrefix("sqlite:") {
            var path = url.dropFirst("sqlite:".count)
            if path.hasPrefix("//") { path = path.dropFirst(2) }
            guard !path.isEmpty else { throw SQLError(.invalid, "DATABASE_URL names no file after sqlite:") }
            self = .file(String(path))
        } else {
            // What looks like an address with a password is no name for a file.
            guard !url.unicodeScalars.contains(where: { ":=@?".unicodeScalars.contains($0) || $0.value < 0x20 }) else {
                throw SQLError(
                    .invalid,
                    """
                    DATABASE_URL must begin with postgres://, postgresql:// or sqlite:, be libpq's key=value words, or be a \
                    path without any of : = @ ?
                    """
                )
            }
            self = .file(url)
        }
    }

    /// Which database it is.
    public var dialect: SQLDialect {
        switch place {
        case .file, .temporary: .sqlite
        case .postgres: .postgres
        }
    }

    private init(place: Place) {
        self.place = place
    }

    private static func isPostgres(_ url: String) -> Bool {
        if url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") { return true }
        let blanks = { (character: Character) in character.isWhitespace }
        let words = url.drop(while: blanks)
        guard let end = words.firstIndex(where: { $0 == "=" || blanks($0) }),
            words[end...].drop(while: blanks).first == "="
        else { return false }
        return connectionWords.contains(String(words[..<end]))
    }

    // PostgreSQL, "Parameter Key Words": those that a connection string may begin with.
    private static let connectionWords: Set<String> = [
        "application_name", "channel_binding", "client_encoding", "connect_timeout", "dbname",
        "fallback_application_name",
        "gssencmode", "gsslib", "host", "hostaddr", "keepalives", "keepalives_count", "keepalives_idle",
        "keepalives_interval", "krbsrvname", "load_balance_hosts", "options", "passfile", "password", "port",
        "replication", "require_auth", "requirepeer", "service", "ssl_max_protocol_version",
        "ssl_min_protocol_version", "sslcert", "sslcompression", "sslcrl", "sslcrldir", "sslkey", "sslmode",
        "sslnegotiation", "sslpassword", "sslrootcert", "sslsni", "target_session_attrs", "tcp_user_timeout", "user",
    ]

    private static func truth(_ word: String?, name: String) throws -> Bool? {
        switch word?.lowercased() {
        case nil: nil
        case "true", "1", "yes": true
        case "false", "0", "no": false
        default: throw SQLError(.invalid, "\(name) must be true or false")
        }
    }
}

extension SQLLocation: CustomStringConvertible, CustomDebugStringConvertible {
    /// The file, or the kind of server; a URL may hold a password and is not shown.
    public var description: String {
        switch place {
        case .file(let path): "SQLite file \(path)"
        case .temporary: "temporary SQLite file"
        case .postgres(let location): location.isPooled ? "PostgreSQL behind a pooler" : "PostgreSQL"
        }
    }

    /// The same.
    public var debugDescription: String { description }
}
