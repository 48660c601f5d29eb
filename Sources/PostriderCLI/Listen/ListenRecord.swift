import FoundationEssentials
import HTTPTypes

/// What `postrider listen --json` writes, one object a line; `type` says which.
enum ListenRecord: Encodable {
    /// The listener takes deliveries.
    case listening(url: String, port: Int, keys: String)
    /// A request came in.
    case delivery(ReceivedDelivery, DeliveryVerifier.Verdict, status: Int, hasBody: Bool)

    /// Fields that would let a reader of the output act as somebody else.
    private static let hidden: Set<String> = ["upstash-signature", "authorization", "cookie", "proxy-authorization"]

    private enum CodingKeys: String, CodingKey {
        case body, bodyBase64, bytes, headers, keys, messageId, method, path, port, receivedAt, refusal, retried, status
        case type, url, verified
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .listening(let url, let port, let keys):
            try container.encode("listening", forKey: .type)
            try container.encode(url, forKey: .url)
            try container.encode(port, forKey: .port)
            try container.encode(keys, forKey: .keys)
        case .delivery(let delivery, let verdict, let status, let hasBody):
            try container.encode("delivery", forKey: .type)
            try container.encode(delivery.receivedAt, forKey: .receivedAt)
            try container.encode(delivery.method.rawValue, forKey: .method)
            try container.encode(delivery.target, forKey: .path)
            try container.encode(status, forKey: .status)
            try container.encode(verdict.isVerified, forKey: .verified)
            if case .refused(let check) = verdict { try container.encode(check, forKey: .refusal) }
            try container.encodeIfPresent(delivery.messageID, forKey: .messageId)
            try container.encodeIfPresent(delivery.retried, forKey: .retried)
            try container.encode(Self.headers(of: delivery), forKey: .headers)
            guard let body = delivery.body else { return }
            try container.encode(body.count, forKey: .bytes)
            guard hasBody else { return }
            if let text = String(validating: body, as: UTF8.self) {
                try container.encode(text, forKey: .body)
            } else {
                try container.encode(Data(body).base64EncodedString(), forKey: .bodyBase64)
            }
        }
    }

    /// The fields in the form of the wire: names in lower case, each with its values in order.
    private static func headers(of delivery: ReceivedDelivery) -> [String: [String]] {
        var headers: [String: [String]] = [:]
        for field in delivery.fields where !hidden.contains(field.name.canonicalName) {
            headers[field.name.canonicalName, default: []].append(field.value)
        }
        return headers
    }
}
