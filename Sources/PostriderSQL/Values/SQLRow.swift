/// A row that was read.
public struct SQLRow: Sendable {
    /// The names of the columns, in order.
    public let columns: [String]
    /// The values, in the same order.
    public let values: [SQLValue]

    init(columns: [String], values: [SQLValue]) {
        self.columns = columns
        self.values = values
    }

    /// A column's value; nil when there is no such column.
    public subscript(column: String) -> SQLValue? {
        columns.firstIndex(of: column).map { values[$0] }
    }

    /// A column's value as a type; of an optional type, NULL is nil.
    ///
    /// - Throws: ``SQLError`` with code ``SQLError/Code/typeMismatch`` when the column is missing or holds another type.
    public func value<Value: SQLValueConvertible>(_ column: String, as type: Value.Type = Value.self) throws -> Value {
        guard let index = columns.firstIndex(of: column) else {
            throw SQLError(.typeMismatch, "the row has no column \(column)")
        }
        return try value(at: index, as: type)
    }

    /// The value at a position, counted from 0, as a type; of an optional type, NULL is nil.
    ///
    /// - Throws: ``SQLError`` with code ``SQLError/Code/typeMismatch`` when the position is none or holds another type.
    public func value<Value: SQLValueConvertible>(at index: Int, as type: Value.Type = Value.self) throws -> Value {
        guard values.indices.contains(index) else {
            throw SQLError(.typeMismatch, "the row has no column at \(index)")
        }
        guard let value = Value(sqlValue: values[index]) else {
            throw SQLError(.typeMismatch, "column \(columns[index]) holds \(values[index].kind), not \(Value.self)")
        }
        return value
    }
}
