#if Postgres
/// The numbers of PostgreSQL's own types, which never change.
package enum PostgresType {
    package static let bool: UInt32 = 16
    package static let bytea: UInt32 = 17
    package static let int8: UInt32 = 20
    package static let int2: UInt32 = 21
    package static let int4: UInt32 = 23
    package static let text: UInt32 = 25
    package static let oid: UInt32 = 26
    package static let json: UInt32 = 114
    package static let float4: UInt32 = 700
    package static let float8: UInt32 = 701
    package static let boolArray: UInt32 = 1_000
    package static let byteaArray: UInt32 = 1_001
    package static let textArray: UInt32 = 1_009
    package static let int8Array: UInt32 = 1_016
    package static let float8Array: UInt32 = 1_022
    package static let varchar: UInt32 = 1_043
    package static let date: UInt32 = 1_082
    package static let timestamp: UInt32 = 1_114
    package static let timestamptz: UInt32 = 1_184
    package static let numeric: UInt32 = 1_700
    package static let uuid: UInt32 = 2_950
    package static let jsonb: UInt32 = 3_802
}
#endif
