/// Reads what ``FieldWriter`` built, from bytes that may be damaged or hostile.
///
/// Every length is checked against what is left, so nothing outside the bytes is read and nothing larger than them is
/// allocated. The bytes must outlive the reader; the codecs keep it inside one call.
struct FieldReader {
    /// One field: its tag and where its payload lies.
    struct Field {
        let tag: UInt64
        let payload: UnsafeRawBufferPointer
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// - Throws: ``StoreError`` with code `unreadable` when the version is not ours.
    init(record bytes: UnsafeRawBufferPointer) throws(StoreError) {
        self.init(payload: bytes)
        let version = try byte()
        guard version == FieldWriter.version else { throw Self.damage("a record of version \(version)") }
    }

    private init(payload bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The next field; nil at the record's end, which must be the last byte.
    mutating func next() throws(StoreError) -> Field? {
        let tag = try number()
        if tag == FieldWriter.end {
            guard position == bytes.count else { throw Self.damage("bytes behind a record's end") }
            return nil
        }
        let count = try number()
        return Field(tag: tag, payload: try take(count))
    }

    /// The signed number of a payload.
    static func number(_ payload: UnsafeRawBufferPointer) throws(StoreError) -> Int64 {
        var reader = FieldReader(payload: payload)
        let zigzag = try reader.number()
        guard reader.position == payload.count else { throw damage("a number with bytes behind it") }
        return Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1)
    }

    /// The text of a payload.
    static func text(_ payload: UnsafeRawBufferPointer) throws(StoreError) -> String {
        guard let text = String(validating: payload, as: UTF8.self) else { throw damage("a text that is not UTF-8") }
        return text
    }

    /// The two texts of a payload.
    static func texts(_ payload: UnsafeRawBufferPointer) throws(StoreError) -> (String, String) {
        var reader = FieldReader(payload: payload)
        let firstCount = try reader.number()
        let first = try text(reader.take(firstCount))
        let second = try text(reader.take(UInt64(payload.count - reader.position)))
        return (first, second)
    }

    /// The error for bytes that cannot be understood.
    static func damage(_ what: String) -> StoreError {
        StoreError(.unreadable, detail: "stored bytes cannot be understood: \(what)")
    }

    private mutating func take(_ count: UInt64) throws(StoreError) -> UnsafeRawBufferPointer {
        guard count <= UInt64(bytes.count - position) else { throw Self.damage("a length past the end") }
        let start = position
        position += Int(count)
        return UnsafeRawBufferPointer(rebasing: bytes[start..<position])
    }

    private mutating func byte() throws(StoreError) -> UInt8 {
        guard position < bytes.count else { throw Self.damage("a record that was cut off") }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func number() throws(StoreError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try byte()
            let bits = UInt64(byte & 0x7f)
            // The tenth byte has room for one bit; more would be lost without a word.
            guard shift < 63 || (shift == 63 && bits <= 1) else { throw Self.damage("a number above 64 bits") }
            value |= bits << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }
}
