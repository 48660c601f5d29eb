import QStashWire

/// What is hidden from the log as a record inside the record of a message's settings.
enum RedactFieldsCodec {
    private enum Tag {
        static let body: UInt64 = 1
        static let allHeaders: UInt64 = 2
        static let headerName: UInt64 = 3
    }

    static func encode(_ redact: RedactFields) -> [UInt8] {
        var writer = FieldWriter(capacity: 16 + redact.headerNames.count * 16)
        if redact.body { writer.write(1, tag: Tag.body) }
        if redact.allHeaders { writer.write(1, tag: Tag.allHeaders) }
        for name in redact.headerNames { writer.write(name, tag: Tag.headerName) }
        return writer.finished()
    }

    static func decode(_ bytes: UnsafeRawBufferPointer) throws(StoreError) -> RedactFields {
        var redact = RedactFields(body: false, allHeaders: false, headerNames: [])
        var reader = try FieldReader(record: bytes)
        while let field = try reader.next() {
            switch field.tag {
            case Tag.body: redact.body = try FieldReader.number(field.payload) != 0
            case Tag.allHeaders: redact.allHeaders = try FieldReader.number(field.payload) != 0
            case Tag.headerName: redact.headerNames.append(try FieldReader.text(field.payload))
            default: continue
            }
        }
        return redact
    }
}
