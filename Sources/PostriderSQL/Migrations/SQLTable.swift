/// A table as it shall be.
///
/// One that is missing is made. To one that is there, columns that may be null or have a constant default are added, and
/// indexes; nothing is altered or dropped, so a table of somebody else's, with columns and types of its own, stays as it is.
public struct SQLTable: Sendable, Hashable {
    /// The name; a dot separates a schema, which PostgreSQL gets and of which SQLite makes a prefix (`memories_turns`).
    public var name: String
    /// The columns, in order.
    public var columns: [SQLColumn]
    /// The columns of the primary key; empty when a column is ``SQLColumnType/identity``, which is the key then.
    public var primaryKey: [String]
    /// Whether SQLite keeps the rows in the order of the key and nothing beside (`WITHOUT ROWID`): one tree to write instead of
    /// two, for small rows with a key that is no number; PostgreSQL has no such thing.
    public var isOrderedByKey: Bool
    /// Conditions on a row, in SQL that both databases understand.
    public var checks: [String]
    /// Indexes.
    public var indexes: [SQLIndex]
    /// Who else may see rows on PostgreSQL.
    public var access: SQLTableAccess

    /// A table.
    public init(
        _ name: String,
        columns: [SQLColumn],
        primaryKey: [String] = [],
        isOrderedByKey: Bool = false,
        checks: [String] = [],
        indexes: [SQLIndex] = [],
        access: SQLTableAccess = .serviceOnly
    ) {
        self.name = name
        self.columns = columns
        self.primaryKey = primaryKey
        self.isOrderedByKey = isOrderedByKey
        self.checks = checks
        self.indexes = indexes
        self.access = access
    }
}

/// An index of a table.
public struct SQLIndex: Sendable, Hashable {
    /// The name; nil for one made of table and columns.
    public var name: String?
    /// What is indexed: names of columns, or SQL such as `created_at DESC`.
    public var columns: [String]
    /// Whether no two rows may agree in all columns.
    public var isUnique: Bool
    /// Which rows are in the index, in SQL that both databases understand; nil for all.
    public var condition: String?

    /// An index.
    public init(_ columns: [String], name: String? = nil, isUnique: Bool = false, where condition: String? = nil) {
        self.columns = columns
        self.name = name
        self.isUnique = isUnique
        self.condition = condition
    }

    /// An index that lets no two rows agree in all columns.
    public static func unique(_ columns: [String], where condition: String? = nil) -> SQLIndex {
        SQLIndex(columns, isUnique: true, where: condition)
    }
}

/// Who may see and change rows of a table on PostgreSQL, beside its owner, the role of this service.
///
/// Row-level security is on for every table that a migration makes. Policies are made where the function `auth.uid()`
/// exists, as in a Supabase project; elsewhere nobody else sees a row.
public struct SQLTableAccess: Sendable, Hashable {
    enum Rows: Sendable, Hashable {
        case none
        case owned(column: String)
        case matching(condition: String)
    }

    let rows: Rows
    let mayWrite: Bool

    /// Nobody else.
    public static let serviceOnly = SQLTableAccess(rows: .none, mayWrite: false)

    /// The user whose id is in the column sees the row.
    public static func ownerReads(_ column: String) -> SQLTableAccess {
        SQLTableAccess(rows: .owned(column: column), mayWrite: false)
    }

    /// The user whose id is in the column sees and changes the row.
    public static func ownerWrites(_ column: String) -> SQLTableAccess {
        SQLTableAccess(rows: .owned(column: column), mayWrite: true)
    }

    /// Users see the rows for which the condition holds; it is PostgreSQL's SQL and may use `auth.uid()`.
    public static func usersRead(where condition: String) -> SQLTableAccess {
        SQLTableAccess(rows: .matching(condition: condition), mayWrite: false)
    }

    /// Users see and change the rows for which the condition holds.
    public static func usersWrite(where condition: String) -> SQLTableAccess {
        SQLTableAccess(rows: .matching(condition: condition), mayWrite: true)
    }
}
