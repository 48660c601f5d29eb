import PostriderCore
import QStashWire

/// A dead letter: the message and the answer that ended it (docs/WIRE.md, "Dead letters").
struct DeadLetterJSON {
    let store: StoreID

    func write(_ letter: DeadLetter, body: RenderedBody, to json: inout JSONWriter) {
        json.beginObject()
        json.field("dlqId", letter.id.description)
        MessageJSON(store: store).write(letter.message, body: body, to: &json)
        // Always present: clients index it. 0 says that no answer came.
        json.field("responseStatus", letter.attempt.status)
        json.field("responseHeader", headers: letter.attempt.responseHeaders)
        json.field("responseBody", orBase64: "responseBodyBase64", body: letter.attempt.responseBody)
        if letter.attempt.status == 0, let error = letter.attempt.error { json.field("error", error) }
        json.endObject()
    }
}
