import QStashWire

/// The JSON a callback carries (docs/WIRE.md, "Callbacks"), rendered from the source when it is sent or read.
package enum CallbackBody {
    /// The body's bytes.
    ///
    /// - Parameters:
    ///   - source: The message that is reported; a body that is itself rendered counts as empty.
    ///   - deadLetter: Set for a failure callback.
    package static func render(
        source: Message,
        attempt: Attempt,
        deadLetter: DeadLetterID?,
        store: StoreID
    ) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("status", attempt.status)
        json.field("header", headers: attempt.responseHeaders)
        json.field("body", base64: attempt.responseBody)
        json.field("retried", attempt.retried)
        json.field("maxRetries", source.settings.retriesMax)
        json.field("sourceMessageId", MessageID(key: source.key, store: store).description)
        json.field("url", source.destination.text)
        json.field("method", source.settings.method)
        json.field("sourceHeader", headers: source.settings.headers)
        if case .bytes(let bytes) = source.body {
            json.field("sourceBody", base64: bytes)
        } else {
            json.field("sourceBody", "")
        }
        json.field("notBefore", source.notBefore.milliseconds)
        json.field("createdAt", source.createdAt.milliseconds)
        if !source.settings.callerIP.isEmpty { json.field("callerIP", source.settings.callerIP) }
        if let deadLetter { json.field("dlqId", deadLetter.description) }
        json.endObject()
        return json.bytes
    }
}
