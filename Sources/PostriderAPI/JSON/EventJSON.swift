import PostriderCore
import QStashWire

/// An entry of the event log (docs/WIRE.md, "Events").
struct EventJSON {
    let store: StoreID
    let delivery: DeliveryPlanner.Settings

    func write(_ event: Event, to json: inout JSONWriter) {
        let message = event.message
        let settings = message.settings
        let redaction = Redaction(settings)
        json.beginObject()
        json.field("time", event.time.milliseconds)
        json.field("messageId", MessageID(key: message.key, store: store).description)
        json.field("state", event.state.rawValue)
        json.field("url", message.destination.text)
        json.field("method", settings.method)
        json.field("header", headers: redaction.headers(settings.headers))
        if case .bytes(let bytes) = message.body, !bytes.isEmpty { json.field("body", base64: redaction.body(bytes)) }
        if let attempt = event.attempt { writeAttempt(attempt, state: event.state, to: &json) }
        json.field(
            "timeout",
            min(settings.timeoutSeconds ?? delivery.timeoutDefaultSeconds, delivery.timeoutMaxSeconds) * 1_000
        )
        json.field("maxRetries", settings.retriesMax)
        if let retryDelay = settings.retryDelay {
            // Two names are in use for one field: the documentation's, and the one clients read.
            json.field("retryDelayExpression", retryDelay)
            json.field("retryDelayExpr", retryDelay)
        }
        if let callback = settings.callback {
            json.field("callback", callback.url)
            json.field("callbackHeaders", headers: redaction.headers(callback.headers))
        }
        if let callback = settings.failureCallback {
            json.field("failureCallback", callback.url)
            json.field("failureCallbackHeaders", headers: redaction.headers(callback.headers))
        }
        MessageJSON.writeConfiguration(settings, to: &json)
        json.endObject()
    }

    private func writeAttempt(_ attempt: Attempt, state: Event.State, to json: inout JSONWriter) {
        if state == .retry, let next = attempt.nextDue { json.field("nextDeliveryTime", next.milliseconds) }
        guard state == .error else { return }
        if let error = attempt.error { json.field("error", error) }
        guard attempt.status != 0 else { return }
        json.field("responseStatus", attempt.status)
        if !attempt.responseBody.isEmpty { json.field("responseBody", base64: attempt.responseBody) }
        // Two names are in use here as well.
        json.field("responseHeaders", headers: attempt.responseHeaders)
        json.field("responseHeader", headers: attempt.responseHeaders)
    }
}
