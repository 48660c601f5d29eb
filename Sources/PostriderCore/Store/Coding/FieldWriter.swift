/// Builds the tagged bytes in which the stores keep what they never search: a version, fields, an end.
///
/// A field is a tag, the length of its payload, and the payload; tags and lengths are LEB128. Whoever reads skips a tag it does
/// not know, so that a newer program may add fields without a migration.
struct FieldWriter {
    /// The version every record begins with.
    static let version: UInt8 = 1

    /// The tag that ends a record: what stops before it was cut off.
    static let end: UInt64 = 0

    private var bytes: [UInt8] = []

    /// - Parameter capacity: A guess of the whole length, which spares growing.
    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
        bytes.append(Self.version)
    }

    /// The record; nothing may be written after.
    consuming func finished() -> [UInt8] {
        append(Self.end)
        return bytes
    }

    /// Writes a signed number; small ones take one byte of either sign.
    mutating func write(_ value: Int64, tag: UInt64) {
        let zigzag = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        append(tag)
        append(UInt64(Self.byteCount(of: zigzag)))
        append(zigzag)
    }

    /// Writes a text as UTF-8.
    mutating func write(_ text: String, tag: UInt64) {
        append(tag)
        append(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// Writes two texts as one field: the length of the first, the first, and the second to the field's end.
    mutating func write(_ first: String, _ second: String, tag: UInt64) {
        let firstCount = first.utf8.count
        append(tag)
        append(UInt64(Self.byteCount(of: UInt64(firstCount)) + firstCount + second.utf8.count))
        append(UInt64(firstCount))
        bytes.append(contentsOf: first.utf8)
        bytes.append(contentsOf: second.utf8)
    }

    /// Writes a whole record as one field.
    mutating func write(record: [UInt8], tag: UInt64) {
        append(tag)
        append(UInt64(record.count))
        bytes.append(contentsOf: record)
    }

    private mutating func append(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private static func byteCount(of value: UInt64) -> Int {
        value < 0x80 ? 1 : (UInt64.bitWidth - value.leadingZeroBitCount + 6) / 7
    }
}
