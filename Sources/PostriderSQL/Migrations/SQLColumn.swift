/// A column of a table.
public struct SQLColumn: Sendable, Hashable {
    /// The name.
    public var name: String
    /// What it holds.
    public var type: SQLColumnType
    /// Whether it may be NULL.
    public var isNullable: Bool
    /// What it holds when a row does not say; nil for NULL.
    public var defaultValue: SQLDefault?
    /// A condition on it, in SQL that both databases understand.
    public var check: String?
    /// The row of another table it points to.
    public var reference: SQLReference?

    /// A column.
    public init(
        _ name: String,
        _ type: SQLColumnType,
        isNullable: Bool = false,
        default defaultValue: SQLDefault? = nil,
        check: String? = nil,
        references reference: SQLReference? = nil
    ) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
        self.defaultValue = defaultValue
        self.check = check
        self.reference = reference
    }
}

/// What a column holds, on either database.
public enum SQLColumnType: Sendable, Hashable {
    /// `uuid`; on SQLite a text in lower case.
    case uuid
    /// `text`.
    case text
    /// A whole number of 32 bits on PostgreSQL.
    case integer
    /// A whole number of 64 bits.
    case bigint
    /// `double precision`.
    case double
    /// `boolean`; on SQLite 0 or 1.
    case boolean
    /// `timestamptz`; on SQLite a text of fixed width in UTC, as `Date` is bound.
    case timestamp
    /// `jsonb`; on SQLite a text that is JSON.
    case json
    /// `bytea`; on SQLite a blob.
    case bytes
    /// A number that the database gives, greater with every row and never given twice; the primary key.
    case identity
    /// What each database calls it.
    case other(sqlite: String, postgres: String)
}

/// What a column holds when a row does not say.
public enum SQLDefault: Sendable, Hashable {
    /// A constant.
    case value(SQLValue)
    /// The database's time.
    case now
}

/// The row of another table that a column points to.
public struct SQLReference: Sendable, Hashable {
    /// What happens to a row when the one it points to is removed.
    public enum Removal: String, Sendable, Hashable {
        /// The other cannot be removed.
        case restrict = "RESTRICT"
        /// The row is removed too.
        case cascade = "CASCADE"
        /// The column becomes NULL.
        case setNull = "SET NULL"
    }

    /// The table.
    public var table: String
    /// The column, which is its key or unique.
    public var column: String
    /// What happens to a row when the one it points to is removed.
    public var onRemoval: Removal

    /// A reference.
    public init(_ table: String, _ column: String = "id", onRemoval: Removal = .restrict) {
        self.table = table
        self.column = column
        self.onRemoval = onRemoval
    }
}
