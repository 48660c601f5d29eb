#if Postgres
/// One row of a result, read lazily.
///
/// The getters give nil for NULL, and throw ``PostgresError`` with code `protocol_error` for a value that is not of their type.
package struct PostgresRow: Sendable {
    /// The result it is part of.
    package let result: PostgresResult

    /// Its place in the result, from 0.
    package let index: Int

    /// Whether the value is NULL.
    package func isNull(_ column: Int) -> Bool { result.isNull(row: index, column: column) }

    /// Any type: as PostgreSQL prints it, or, in binary form, text, JSON and UUIDs alone.
    package func text(_ column: Int) throws(PostgresError) -> String? {
        try read(column, as: "text") { value, type in
            guard type.isBinary else { return String(decoding: value, as: UTF8.self) }
            switch type.oid {
            case PostgresType.text, PostgresType.varchar, PostgresType.json, 18, 19, 705, 1_042:
                return String(decoding: value, as: UTF8.self)
            case PostgresType.jsonb where value.first == 1: return String(decoding: value.dropFirst(), as: UTF8.self)
            case PostgresType.uuid where value.count == 16: return Self.uuidText(value)
            default: return nil
            }
        }
    }

    /// `bigint`, `integer`, `smallint` or `oid`.
    package func int64(_ column: Int) throws(PostgresError) -> Int64? {
        try read(column, as: "integer") { value, type in
            guard type.isBinary else { return Int64(String(decoding: value, as: UTF8.self)) }
            switch type.oid {
            case PostgresType.int8 where value.count == 8: return Self.bigEndian(value, as: Int64.self)
            case PostgresType.int4 where value.count == 4: return Int64(Self.bigEndian(value, as: Int32.self))
            case PostgresType.int2 where value.count == 2: return Int64(Self.bigEndian(value, as: Int16.self))
            case PostgresType.oid where value.count == 4: return Int64(Self.bigEndian(value, as: UInt32.self))
            default: return nil
            }
        }
    }

    /// `double precision` or `real`; as text also `numeric` and integers, with what precision a `Double` has.
    package func double(_ column: Int) throws(PostgresError) -> Double? {
        try read(column, as: "number") { value, type in
            guard type.isBinary else { return Double(String(decoding: value, as: UTF8.self)) }
            switch type.oid {
            case PostgresType.float8 where value.count == 8:
                return Double(bitPattern: Self.bigEndian(value, as: UInt64.self))
            case PostgresType.float4 where value.count == 4:
                return Double(Float(bitPattern: Self.bigEndian(value, as: UInt32.self)))
            default: return nil
            }
        }
    }

    /// `boolean`.
    package func bool(_ column: Int) throws(PostgresError) -> Bool? {
        try read(column, as: "boolean") { value, type in
            guard type.oid == PostgresType.bool, value.count == 1 else { return nil }
            return type.isBinary ? value[0] != 0 : value[0] == UInt8(ascii: "t")
        }
    }

    /// `bytea`.
    package func bytes(_ column: Int) throws(PostgresError) -> [UInt8]? {
        try read(column, as: "bytea") { value, type in
            guard type.oid == PostgresType.bytea else { return nil }
            return type.isBinary ? Array(value) : Self.bytes(hex: value)
        }
    }

    /// `timestamptz` or `timestamp` (taken for UTC) in binary form: microseconds since 1970.
    package func microsecondsSince1970(_ column: Int) throws(PostgresError) -> Int64? {
        try read(column, as: "timestamp in binary form") { value, type in
            guard type.isBinary, value.count == 8 else { return nil }
            guard type.oid == PostgresType.timestamptz || type.oid == PostgresType.timestamp else { return nil }
            // PostgreSQL counts from 2000; infinity is the last number on either side.
            let (time, isTooLarge) = Self.bigEndian(value, as: Int64.self).addingReportingOverflow(946_684_800_000_000)
            return isTooLarge ? nil : time
        }
    }

    /// The place of a column.
    ///
    /// - Throws: ``PostgresError`` with code `protocol_error` when there is none of that name.
    package func column(_ name: String) throws(PostgresError) -> Int {
        guard let column = result.column(named: name) else {
            throw PostgresError(.protocolError, "the result has no column \(name)")
        }
        return column
    }

    private func read<Value>(
        _ column: Int,
        as kind: String,
        _ decode: (UnsafeRawBufferPointer, (oid: UInt32, isBinary: Bool)) -> Value?
    ) throws(PostgresError) -> Value? {
        let type = (oid: result.columnType(column), isBinary: result.isBinary(column))
        let decoded = result.withBytes(row: index, column: column) { decode($0, type) }
        guard let decoded else { return nil }
        guard let value = decoded else {
            let name = result.columnName(column)
            throw PostgresError(.protocolError, "column \(name) of type \(type.oid) cannot be read as \(kind)")
        }
        return value
    }

    private static func bigEndian<Integer: FixedWidthInteger>(
        _ bytes: UnsafeRawBufferPointer,
        as type: Integer.Type
    ) -> Integer {
        Integer(bigEndian: bytes.loadUnaligned(as: type))
    }

    /// `\x` and two digits a byte.
    private static func bytes(hex text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard text.count >= 2, text.count.isMultiple(of: 2), text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x")
        else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2 - 1)
        for index in stride(from: 2, to: text.count, by: 2) {
            guard let high = digit(text[index]), let low = digit(text[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    private static func uuidText(_ bytes: UnsafeRawBufferPointer) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
#endif
