#if Postgres
/// A parameter of a statement.
///
/// Numbers, booleans and bytes go as what they are, `bigint` and `double precision`, which the server makes the type of the column
/// they are stored in. NULL and text go without a type, so that the server takes them for what their place asks
/// for: a `text`, `uuid`, `timestamptz` or `jsonb` column alike; where nothing asks, write a cast (`$1::jsonb`).
/// Arrays go in binary form: one parameter for a whole column of a batch (`unnest($1::bigint[])`).
package enum PostgresValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case int64(Int64)
    case double(Double)
    /// Text of a type that its place decides; must hold no NUL.
    case text(String)
    case bytes([UInt8])
    case bools([Bool?])
    case int64s([Int64?])
    case doubles([Double?])
    /// `text[]`; for a column of another type cast it, for example `$1::text[]::uuid[]`.
    case texts([String?])
    case byteArrays([[UInt8]?])
}

extension PostgresValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral
{
    package init(nilLiteral: ()) { self = .null }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int64) { self = .int64(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(stringLiteral value: String) { self = .text(value) }
}
#endif
