import HTTPTypes
import QStashWire

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// A delivery as the broker makes it, for checks of what answers it.
package struct SignedDelivery: Sendable {
    /// The origin of the destination.
    package var origin: String
    /// The path of the destination.
    package var path: String
    /// The body that is signed.
    package var body: [UInt8]
    /// The body that arrives; nil for the one that is signed.
    package var arrivingBody: RequestBody?
    /// The message; nil to leave the header out.
    package var messageID: String?
    /// How many retries came before this attempt.
    package var retried = 0
    /// How many retries the message has; nil to leave the header out, as QStash's cloud does.
    package var maxRetries: Int?
    /// The record of the job; nil for none.
    package var requestID: String?
    /// The key it is signed with; nil to leave the signature out.
    package var signingKey: String?
    /// Further header fields.
    package var fields: [(name: String, value: String)] = []

    /// A delivery.
    package init(origin: String, path: String, body: [UInt8], messageID: String?, signingKey: String?) {
        self.origin = origin
        self.path = path
        self.body = body
        self.messageID = messageID
        self.signingKey = signingKey
    }

    /// The signature; nil when there is no key.
    package func signature(issuedAt: Date) -> String? {
        guard let signingKey, let key = SigningKey(signingKey) else { return nil }
        return MessageSignature.sign(
            body: body,
            url: origin + path,
            issuedAtSeconds: Int64(issuedAt.timeIntervalSince1970),
            tokenID: "jwt_\(messageID ?? "none")",
            key: key
        )
    }

    /// The request as a server gets it.
    package func request(issuedAt: Date) -> JobRequest {
        var fields = HTTPFields()
        fields[.contentType] = "application/json"
        fields[.contentLength] = String(body.count)
        fields[FieldNames.signature] = signature(issuedAt: issuedAt)
        fields[FieldNames.messageID] = messageID
        fields[FieldNames.retried] = String(retried)
        fields[FieldNames.maxRetries] = maxRetries.map(String.init)
        fields[FieldNames.requestID] = requestID
        for (name, value) in self.fields {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        let head = HTTPRequest(
            method: .post,
            scheme: "http",
            authority: "worker.internal",
            path: path,
            headerFields: fields
        )
        return JobRequest(head: head, body: arrivingBody ?? RequestBody(body), remoteAddress: "203.0.113.7")
    }
}

extension JobResponse {
    /// The status.
    package var status: Int { head.status.code }

    /// The value of a header field; nil when it is not there.
    package func field(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { head.headerFields[$0] }
    }

    /// The body as JSON; nil when it is none.
    package var json: JSONValue? {
        guard case .bytes(let bytes) = body else { return nil }
        return JSONValue.parse(bytes)
    }
}
