import QStashWire

/// A flow-control key and its limits as a record inside the record of a message's settings.
enum FlowControlCodec {
    private enum Tag {
        static let key: UInt64 = 1
        static let parallelism: UInt64 = 2
        static let rate: UInt64 = 3
        static let periodSeconds: UInt64 = 4
    }

    static func encode(_ control: FlowControl) -> [UInt8] {
        var writer = FieldWriter(capacity: 24 + control.key.utf8.count)
        writer.write(control.key, tag: Tag.key)
        if let parallelism = control.parallelism { writer.write(Int64(parallelism), tag: Tag.parallelism) }
        if let rate = control.rate { writer.write(Int64(rate), tag: Tag.rate) }
        writer.write(control.periodSeconds, tag: Tag.periodSeconds)
        return writer.finished()
    }

    static func decode(_ bytes: UnsafeRawBufferPointer) throws(StoreError) -> FlowControl {
        var control = FlowControl(key: "", parallelism: nil, rate: nil, periodSeconds: 1)
        var reader = try FieldReader(record: bytes)
        while let field = try reader.next() {
            switch field.tag {
            case Tag.key: control.key = try FieldReader.text(field.payload)
            case Tag.parallelism: control.parallelism = try Int(FieldReader.number(field.payload))
            case Tag.rate: control.rate = try Int(FieldReader.number(field.payload))
            case Tag.periodSeconds: control.periodSeconds = try FieldReader.number(field.payload)
            default: continue
            }
        }
        return control
    }
}
