extension SQL {
    /// The database's time, for a column of type ``SQLColumnType/timestamp``.
    ///
    /// Times of a transaction are best the program's own, bound as parameters; on PostgreSQL this is the transaction's start.
    public static let now: SQL = "\(sqlite: "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')", postgres: "now()")"
}
