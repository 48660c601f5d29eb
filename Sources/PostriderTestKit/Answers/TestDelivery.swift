public import HTTPTypes
import PostriderCore
public import QStash
import QStashWire

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// One delivery as its destination received it.
public struct TestDelivery: Sendable {
    /// What all deliveries of a broker have in common.
    struct Context: Sendable {
        var begin: Timestamp
        var keys: SigningKeyPair
    }

    /// The destination exactly as it was published: what the signature names.
    public let url: String

    /// `POST` unless the message names another.
    public let method: HTTPRequest.Method

    /// Everything that was sent but `Host` and `Content-Length`.
    public let headers: HTTPFields

    /// The body; of a callback the JSON that `CallbackPayload` reads.
    public let body: [UInt8]

    /// The message's id, the same on every attempt; a callback is a message of its own.
    public let messageID: QStash.MessageID

    /// The attempts made before this one.
    public let retried: Int

    /// When it arrived, by the broker's clock.
    public let at: Date

    /// When it arrived, counted from the moment the broker began: exact, unlike a difference of dates.
    public let elapsed: Duration

    private let keys: SigningKeyPair

    init(_ request: DeliveryRequest, at moment: Timestamp, _ context: Context) {
        var headers = HTTPFields()
        for field in request.headers {
            // The broker forwards no other names.
            guard let name = HTTPField.Name(field.name) else { preconditionFailure("a header named \(field.name)") }
            headers.append(HTTPField(name: name, value: field.value))
        }
        guard let method = HTTPRequest.Method(request.method) else {
            preconditionFailure("a delivery with the method \(request.method)")
        }
        self.url = request.url.text
        self.method = method
        self.headers = headers
        self.body = request.body
        self.messageID = QStash.MessageID(headers[.upstashMessageID] ?? "")
        self.retried = headers[.upstashRetried].flatMap { Int($0) } ?? 0
        self.at = moment.date
        self.elapsed = moment.duration(since: context.begin)
        self.keys = context.keys
    }
}

extension TestDelivery {
    /// The body as text, in UTF-8; what is none becomes U+FFFD.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of `Upstash-Signature`.
    public var signature: String? { headers[.upstashSignature] }

    /// The body decoded from JSON.
    ///
    /// - Throws: `DecodingError`.
    public func decode<Value: Decodable>(
        as type: Value.Type = Value.self,
        decoder: JSONDecoder = JSONDecoder()
    ) throws -> Value {
        try decoder.decode(type, from: Data(body))
    }

    /// Checks the signature of body and URL, as of the moment of arrival, and returns what it says.
    ///
    /// With the keys that the broker began with: like a receiver in production it sees its way through one rotation.
    ///
    /// - Throws: `SignatureVerificationError` with the first check that failed.
    @discardableResult
    public func verify() throws -> VerifiedSignature {
        let receiver = try QStashReceiver(
            currentSigningKey: keys.current,
            nextSigningKey: keys.next,
            now: { [at] in at }
        )
        return try receiver.verify(body, signature: signature, url: url)
    }
}
