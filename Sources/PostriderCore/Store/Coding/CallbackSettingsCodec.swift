import QStashWire

/// The settings of a callback as a record inside the record of a message's settings.
enum CallbackSettingsCodec {
    private enum Tag {
        static let url: UInt64 = 1
        static let method: UInt64 = 2
        static let header: UInt64 = 3
        static let retriesMax: UInt64 = 4
        static let timeoutSeconds: UInt64 = 5
        static let retryDelay: UInt64 = 6
        static let delaySeconds: UInt64 = 7
    }

    static func encode(_ callback: CallbackSettings) -> [UInt8] {
        var writer = FieldWriter(capacity: 32 + callback.url.utf8.count + callback.headers.count * 48)
        writer.write(callback.url, tag: Tag.url)
        writer.write(callback.method, tag: Tag.method)
        for field in callback.headers { writer.write(field.name, field.value, tag: Tag.header) }
        if let count = callback.retriesMax { writer.write(Int64(count), tag: Tag.retriesMax) }
        if let seconds = callback.timeoutSeconds { writer.write(seconds, tag: Tag.timeoutSeconds) }
        if let text = callback.retryDelay { writer.write(text, tag: Tag.retryDelay) }
        if let seconds = callback.delaySeconds { writer.write(seconds, tag: Tag.delaySeconds) }
        return writer.finished()
    }

    static func decode(_ bytes: UnsafeRawBufferPointer) throws(StoreError) -> CallbackSettings {
        var callback = CallbackSettings(url: "")
        var reader = try FieldReader(record: bytes)
        while let field = try reader.next() {
            let payload = field.payload
            switch field.tag {
            case Tag.url: callback.url = try FieldReader.text(payload)
            case Tag.method: callback.method = try FieldReader.text(payload)
            case Tag.header:
                let (name, value) = try FieldReader.texts(payload)
                callback.headers.append(HeaderField(name: name, value: value))
            case Tag.retriesMax: callback.retriesMax = try Int(FieldReader.number(payload))
            case Tag.timeoutSeconds: callback.timeoutSeconds = try FieldReader.number(payload)
            case Tag.retryDelay: callback.retryDelay = try FieldReader.text(payload)
            case Tag.delaySeconds: callback.delaySeconds = try FieldReader.number(payload)
            default: continue
            }
        }
        return callback
    }
}
