import PostriderCore
import QStashWire

/// A message's fields as the wire has them (docs/WIRE.md, "Messages").
struct MessageJSON {
    let store: StoreID

    /// Writes the fields into an object that is open.
    func write(_ message: Message, body: RenderedBody, to json: inout JSONWriter) {
        let settings = message.settings
        let redaction = Redaction(settings)
        json.field("messageId", MessageID(key: message.key, store: store).description)
        json.field("url", message.destination.text)
        json.field("method", settings.method)
        json.field("header", headers: redaction.headers(settings.headers))
        json.field("body", orBase64: "bodyBase64", body: redaction.body(body.bytes))
        json.field("maxRetries", settings.retriesMax)
        json.field("notBefore", message.notBefore.milliseconds)
        json.field("createdAt", message.createdAt.milliseconds)
        if let callback = settings.callback {
            json.field("callback", callback.url)
            json.field("callbackHeader", headers: redaction.headers(callback.headers))
        }
        if let callback = settings.failureCallback {
            json.field("failureCallback", callback.url)
            json.field("failureCallbackHeader", headers: redaction.headers(callback.headers))
        }
        if !settings.callerIP.isEmpty { json.field("callerIP", settings.callerIP) }
        Self.writeConfiguration(settings, to: &json)
        if let retryDelay = settings.retryDelay { json.field("retryDelayExpression", retryDelay) }
    }

    /// Labels and flow control: the same in messages, log entries and dead letters.
    static func writeConfiguration(_ settings: MessageSettings, to json: inout JSONWriter) {
        if let first = settings.labels.first {
            json.field("label", first)
            json.key("labels")
            json.beginArray()
            for label in settings.labels { json.value(label) }
            json.endArray()
        }
        if let control = settings.flowControl {
            json.field("flowControlKey", control.key)
            if let parallelism = control.parallelism { json.field("parallelism", parallelism) }
            if let rate = control.rate { json.field("rate", rate) }
            json.field("period", control.periodSeconds)
        }
    }
}
