package import QStashWire

/// What one exchange with a destination came to; a destination's 500 is an answer, not an error.
package enum AttemptOutcome: Sendable, Hashable {
    case answered(DeliveryAnswer)
    case failed(AttemptFailure)
}

/// What a destination answered.
package struct DeliveryAnswer: Hashable, Sendable {
    package var status: Int
    package var headers: [HeaderField]
    /// The body's first bytes, up to the request's `responseBodyBytesMax`.
    package var body: [UInt8]
    /// True when the destination sent more than was kept.
    package var isTruncated: Bool

    package init(status: Int, headers: [HeaderField], body: [UInt8], isTruncated: Bool) {
        self.status = status
        self.headers = headers
        self.body = body
        self.isTruncated = isTruncated
    }

    /// Status 200 to 299: the only success (docs/WIRE.md, "Delivery").
    package var isSuccess: Bool { (200...299).contains(status) }
}

/// Why no answer came.
package struct AttemptFailure: Hashable, Sendable {
    /// A stable word for programs, logs and metrics.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package static let timedOut = Code(rawValue: "timed_out")
        package static let nameNotFound = Code(rawValue: "name_not_found")
        package static let nameResolutionFailed = Code(rawValue: "name_resolution_failed")
        package static let addressForbidden = Code(rawValue: "address_forbidden")
        package static let connectionRefused = Code(rawValue: "connection_refused")
        package static let connectionFailed = Code(rawValue: "connection_failed")
        package static let tlsFailed = Code(rawValue: "tls_failed")
        package static let connectionClosed = Code(rawValue: "connection_closed")
        package static let protocolError = Code(rawValue: "protocol_error")
        package static let responseHeadersTooLarge = Code(rawValue: "response_headers_too_large")
        /// The broker stopped before the exchange ended: nothing is settled and the message is due again.
        package static let abandoned = Code(rawValue: "abandoned")
    }

    package var code: Code
    /// Words for the event's `error` field; never a body, a token or a query string.
    package var detail: String

    package init(code: Code, detail: String) {
        self.code = code
        self.detail = detail
    }
}
