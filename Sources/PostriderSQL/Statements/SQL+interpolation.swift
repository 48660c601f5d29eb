extension SQL {
    /// What can stand in `\(…)` within a statement.
    public struct StringInterpolation: StringInterpolationProtocol {
        var pieces: [Piece] = []

        /// Begins a statement.
        public init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(2 * interpolationCount + 1)
        }

        /// Text of the statement itself.
        public mutating func appendLiteral(_ text: String) {
            if !text.isEmpty { pieces.append(.text(text)) }
        }

        /// A value, which becomes a bound parameter.
        public mutating func appendInterpolation(_ value: some SQLValueConvertible) {
            pieces.append(.value(value.sqlValue))
        }

        /// A value or NULL, which becomes a bound parameter.
        public mutating func appendInterpolation(_ value: (some SQLValueConvertible)?) {
            pieces.append(.value(value.sqlValue))
        }

        /// Values with commas between them, each a bound parameter; `NULL` for none, so that `IN (…)` finds nothing.
        public mutating func appendInterpolation(list values: some Sequence<some SQLValueConvertible>) {
            var isFirst = true
            for value in values {
                if !isFirst { pieces.append(.text(", ")) }
                pieces.append(.value(value.sqlValue))
                isFirst = false
            }
            if isFirst { pieces.append(.text("NULL")) }
        }

        /// Another part of a statement, with its parameters.
        public mutating func appendInterpolation(_ part: SQL) {
            pieces += part.pieces
        }

        /// Text as it stands: the program's own words, never something that came in from outside.
        public mutating func appendInterpolation(raw text: String) {
            if !text.isEmpty { pieces.append(.text(text)) }
        }

        /// The name of a column, an index or a table, quoted.
        public mutating func appendInterpolation(identifier name: String) {
            pieces.append(.text(SQLIdentifier.quoted(name)))
        }

        /// The name of a table, quoted; of `memories.turns` SQLite makes `memories_turns`, since it has no schemas.
        public mutating func appendInterpolation(table name: String) {
            pieces.append(.table(name))
        }

        /// What the two databases say differently.
        public mutating func appendInterpolation(sqlite: SQL, postgres: SQL) {
            pieces.append(.either(sqlite: sqlite.pieces, postgres: postgres.pieces))
        }
    }
}
