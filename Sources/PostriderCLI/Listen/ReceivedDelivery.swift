package import FoundationEssentials
package import HTTPTypes

/// A request as it came in.
package struct ReceivedDelivery: Sendable, Hashable {
    /// When its body had come in whole.
    package var receivedAt: Date

    /// The method.
    package var method: HTTPRequest.Method

    /// Path and query, verbatim.
    package var target: String

    /// All header fields.
    package var fields: HTTPFields

    /// The body's bytes; nil when it is larger than is taken, and the answer must be 413.
    package var body: [UInt8]?

    /// A request with its parts.
    package init(
        receivedAt: Date,
        method: HTTPRequest.Method,
        target: String,
        fields: HTTPFields,
        body: [UInt8]?
    ) {
        self.receivedAt = receivedAt
        self.method = method
        self.target = target
        self.fields = fields
        self.body = body
    }

    /// The value of a field that deliveries carry, such as `Upstash-Message-Id`.
    package func value(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { fields[$0] }
    }

    /// The id of the message, the same on every attempt.
    package var messageID: String? { value("Upstash-Message-Id") }

    /// How often the message was tried before.
    package var retried: Int? { value("Upstash-Retried").flatMap { Int($0) } }

    /// The signature; a secret while it is valid.
    package var signature: String? { value("Upstash-Signature") }

    /// The region that sent it, which decides whose keys count.
    package var region: String? { value("Upstash-Region") }
}

/// What a delivery is answered.
package struct DeliveryAnswer: Sendable, Hashable {
    /// The status.
    package var status: Int

    /// Header fields; the length of the body is added.
    package var fields: HTTPFields

    /// The body.
    package var body: [UInt8]

    /// An answer with its parts.
    package init(status: Int, fields: HTTPFields = HTTPFields(), body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}
