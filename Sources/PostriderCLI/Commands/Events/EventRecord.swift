import FoundationEssentials
import HTTPTypes
import QStash

/// What is shown of an entry of the log, in the names of the wire.
///
/// Bodies and headers are left out: they are large, may hold secrets, and stand in `postrider messages show`.
struct EventRecord: Sendable, Hashable, Encodable {
    /// Milliseconds since 1970.
    let time: Int64
    let messageId: String
    let state: String
    let url: String
    let method: String?
    let error: String?
    let responseStatus: Int?
    /// Milliseconds since 1970.
    let nextDeliveryTime: Int64?
    let maxRetries: Int?
    let topicName: String?
    let queueName: String?
    let scheduleId: String?
    let flowControlKey: String?
    let labels: [String]?

    /// An entry with what every entry has.
    init(time: Int64, messageId: String, state: String, url: String = "") {
        self.time = time
        self.messageId = messageId
        self.state = state
        self.url = url
        method = nil
        error = nil
        responseStatus = nil
        nextDeliveryTime = nil
        maxRetries = nil
        topicName = nil
        queueName = nil
        scheduleId = nil
        flowControlKey = nil
        labels = nil
    }

    init(_ event: Event) {
        time = event.time.wireMilliseconds
        messageId = event.messageID.rawValue
        state = event.state.rawValue
        url = event.url
        method = event.method?.rawValue
        error = event.error
        responseStatus = event.responseStatus
        nextDeliveryTime = event.nextDeliveryAt?.wireMilliseconds
        maxRetries = event.retriesMax
        topicName = event.urlGroup?.rawValue
        queueName = event.queue?.rawValue
        scheduleId = event.scheduleID?.rawValue
        flowControlKey = event.flowControl?.key.rawValue
        labels = event.labels.isEmpty ? nil : event.labels
    }
}
