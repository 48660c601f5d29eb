package import QStashWire

/// Header fields as bytes, in order and with repetitions; used for the headers that destinations answer.
package enum HeaderListCodec {
    private static let header: UInt64 = 1

    /// The bytes of a list; never empty.
    package static func encode(_ headers: [HeaderField]) -> [UInt8] {
        var writer = FieldWriter(capacity: 2 + headers.count * 40)
        for field in headers {
            writer.write(field.name, field.value, tag: header)
        }
        return writer.finished()
    }

    /// The list that bytes stand for.
    ///
    /// - Throws: ``StoreError`` with code `unreadable` for damaged bytes or another version.
    package static func decode(_ bytes: UnsafeRawBufferPointer) throws(StoreError) -> [HeaderField] {
        var headers: [HeaderField] = []
        var reader = try FieldReader(record: bytes)
        while let field = try reader.next() {
            guard field.tag == header else { continue }
            let (name, value) = try FieldReader.texts(field.payload)
            headers.append(HeaderField(name: name, value: value))
        }
        return headers
    }

    /// The list that bytes stand for; see ``decode(_:)-(UnsafeRawBufferPointer)``.
    package static func decode(_ bytes: [UInt8]) throws(StoreError) -> [HeaderField] {
        let result = bytes.withUnsafeBytes { buffer -> Result<[HeaderField], StoreError> in
            Result { () throws(StoreError) in try decode(buffer) }
        }
        return try result.get()
    }
}
