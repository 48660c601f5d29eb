import QStashWire

/// A message's settings as bytes: what both SQL stores keep beside the columns they search.
///
/// The form is the one of ``FieldWriter``: tags are never reused, unknown ones are skipped, and a text or list that is absent
/// takes no bytes.
package enum MessageSettingsCodec {
    private enum Tag {
        static let method: UInt64 = 1
        static let header: UInt64 = 2
        static let retriesMax: UInt64 = 3
        static let timeoutSeconds: UInt64 = 4
        static let retryDelay: UInt64 = 5
        static let callback: UInt64 = 6
        static let failureCallback: UInt64 = 7
        static let flowControl: UInt64 = 8
        static let label: UInt64 = 9
        static let redact: UInt64 = 10
        static let callerIP: UInt64 = 11
    }

    /// The method that is not written, because almost every message has it.
    ///
    /// It is part of the format and never changes.
    private static let impliedMethod = "POST"

    /// The bytes of settings; never empty.
    package static func encode(_ settings: MessageSettings) -> [UInt8] {
        var writer = FieldWriter(capacity: 64 + settings.headers.count * 48)
        if settings.method != impliedMethod { writer.write(settings.method, tag: Tag.method) }
        for field in settings.headers { writer.write(field.name, field.value, tag: Tag.header) }
        writer.write(Int64(settings.retriesMax), tag: Tag.retriesMax)
        if let seconds = settings.timeoutSeconds { writer.write(seconds, tag: Tag.timeoutSeconds) }
        if let text = settings.retryDelay { writer.write(text, tag: Tag.retryDelay) }
        if let callback = settings.callback {
            writer.write(record: CallbackSettingsCodec.encode(callback), tag: Tag.callback)
        }
        if let callback = settings.failureCallback {
            writer.write(record: CallbackSettingsCodec.encode(callback), tag: Tag.failureCallback)
        }
        if let control = settings.flowControl {
            writer.write(record: FlowControlCodec.encode(control), tag: Tag.flowControl)
        }
        for label in settings.labels { writer.write(label, tag: Tag.label) }
        if let redact = settings.redact { writer.write(record: RedactFieldsCodec.encode(redact), tag: Tag.redact) }
        if !settings.callerIP.isEmpty { writer.write(settings.callerIP, tag: Tag.callerIP) }
        return writer.finished()
    }

    /// The settings that bytes stand for.
    ///
    /// - Throws: ``StoreError`` with code `unreadable` for damaged bytes or another version.
    package static func decode(_ bytes: UnsafeRawBufferPointer) throws(StoreError) -> MessageSettings {
        var settings = MessageSettings(method: impliedMethod)
        var retriesMax: Int?
        var reader = try FieldReader(record: bytes)
        while let field = try reader.next() {
            let payload = field.payload
            switch field.tag {
            case Tag.method: settings.method = try FieldReader.text(payload)
            case Tag.header:
                let (name, value) = try FieldReader.texts(payload)
                settings.headers.append(HeaderField(name: name, value: value))
            case Tag.retriesMax: retriesMax = try Int(FieldReader.number(payload))
            case Tag.timeoutSeconds: settings.timeoutSeconds = try FieldReader.number(payload)
            case Tag.retryDelay: settings.retryDelay = try FieldReader.text(payload)
            case Tag.callback: settings.callback = try CallbackSettingsCodec.decode(payload)
            case Tag.failureCallback: settings.failureCallback = try CallbackSettingsCodec.decode(payload)
            case Tag.flowControl: settings.flowControl = try FlowControlCodec.decode(payload)
            case Tag.label: settings.labels.append(try FieldReader.text(payload))
            case Tag.redact: settings.redact = try RedactFieldsCodec.decode(payload)
            case Tag.callerIP: settings.callerIP = try FieldReader.text(payload)
            default: continue
            }
        }
        guard let retriesMax else { throw FieldReader.damage("settings without a number of retries") }
        settings.retriesMax = retriesMax
        return settings
    }

    /// The settings that bytes stand for; see ``decode(_:)-(UnsafeRawBufferPointer)``.
    package static func decode(_ bytes: [UInt8]) throws(StoreError) -> MessageSettings {
        let result = bytes.withUnsafeBytes { buffer -> Result<MessageSettings, StoreError> in
            Result { () throws(StoreError) in try decode(buffer) }
        }
        return try result.get()
    }
}
