public import HTTPTypes

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What a webhook is signed over, as it was received.
public struct SignedRequest: Sendable {
    /// The head of the request.
    public let head: HTTPRequest

    /// The body, byte for byte.
    public let body: [UInt8]

    /// The URL that the sender calls: the server's public origin, and path and query as they were sent.
    public let url: String

    /// When it was received.
    public let now: Date

    /// A request.
    public init(head: HTTPRequest, body: [UInt8], url: String, now: Date) {
        self.head = head
        self.body = body
        self.url = url
        self.now = now
    }

    /// The value of a header field; nil when it is missing or empty.
    func field(_ name: HTTPField.Name) -> String? {
        guard let value = head.headerFields[name], !value.isEmpty else { return nil }
        return value
    }
}

/// What a signature proves.
public enum SignatureVerdict: Sendable, Hashable {
    /// The sender has the secret.
    ///
    /// - Parameter deliveryID: The sender's id of the event, the same on each retry, if the scheme has one; nil otherwise. An id that the
    ///   signature does not cover can be exchanged by whoever repeats a request.
    case valid(deliveryID: String?)

    /// It is missing, wrong or too old.
    ///
    /// - Parameter reason: Which check failed, in snake case, for the log; the sender is not told.
    case refused(reason: String)
}

/// Tells whether a webhook comes from who has the secret.
///
/// Called before anything of the body is parsed. A scheme of your own compares in constant time, for example by
/// `HMAC.isValidAuthenticationCode`, and repeats nothing of the signature, the secret or the body.
public protocol WebhookSignature: Sendable {
    /// Checks a request.
    ///
    /// - Throws: When it cannot be checked now, because there is no secret for example; answered 503, so that the sender tries again.
    func verify(_ request: SignedRequest) async throws -> SignatureVerdict
}

extension HTTPField.Name {
    /// A name that is known to be valid.
    static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no field name") }
        return name
    }
}
