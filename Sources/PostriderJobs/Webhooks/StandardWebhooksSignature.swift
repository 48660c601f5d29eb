import Crypto
public import HTTPTypes
import QStashWire

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Signatures by the Standard Webhooks specification (standardwebhooks.com), with a secret that both sides know.
///
/// `webhook-id` names the event, `webhook-timestamp` says when it was sent (seconds since 1970), and `webhook-signature` has one or
/// several signatures `v1,<base64>` with blanks between them, each HMAC-SHA256 over `<id>.<timestamp>.<body>`.
public struct StandardWebhooksSignature: WebhookSignature {
    /// How many signatures of one request are looked at.
    static let signaturesMax = 16
    /// The longest id, in bytes.
    static let idLengthMax = 256
    /// The shortest and the longest secret that the specification allows for, in bytes once decoded.
    static let secretBytes = 24...64

    static let idName = HTTPField.Name.known("webhook-id")
    static let timestampName = HTTPField.Name.known("webhook-timestamp")
    static let signatureName = HTTPField.Name.known("webhook-signature")

    let keys: [SymmetricKey]
    private let toleranceSeconds: Double

    /// A signature with one secret, or several while they are exchanged.
    ///
    /// - Parameters:
    ///   - secrets: Each `whsec_` and 24...64 bytes in base64; the prefix may be missing. With none every request is answered 503.
    ///   - tolerance: How far the time of sending may lie before or behind the time of receiving.
    /// - Throws: ``JobsError`` with code `configuration_invalid` when a secret is not of this form; its text is not repeated.
    public init(secrets: [String], tolerance: Duration = .seconds(300)) throws {
        keys = try secrets.map(Self.key)
        toleranceSeconds = tolerance / .seconds(1)
    }

    /// Checks a request; the event's id is its `webhook-id`.
    ///
    /// - Throws: ``JobsError`` with code `configuration_invalid` when there is no secret.
    public func verify(_ request: SignedRequest) throws -> SignatureVerdict {
        guard !keys.isEmpty else { throw JobsError(.configurationInvalid, "a webhook has no secret") }
        guard let id = request.field(Self.idName), let timestamp = request.field(Self.timestampName),
            let signatures = request.field(Self.signatureName)
        else { return .refused(reason: "signature_missing") }
        guard id.utf8.count <= Self.idLengthMax, let seconds = Self.seconds(of: timestamp) else {
            return .refused(reason: "signature_malformed")
        }
        let age = request.now.timeIntervalSince1970 - Double(seconds)
        guard age <= toleranceSeconds else { return .refused(reason: "timestamp_too_old") }
        guard age >= -toleranceSeconds else { return .refused(reason: "timestamp_too_new") }
        let content = Self.content(id: id, timestamp: timestamp, body: request.body)
        return isSigned(content, by: signatures) ? .valid(deliveryID: id) : .refused(reason: "signature_mismatch")
    }

    /// Whether one of the signatures is that of one of the keys.
    private func isSigned(_ content: [UInt8], by signatures: String) -> Bool {
        let codes = signatures.split(separator: " ").prefix(Self.signaturesMax).compactMap { signature in
            signature.hasPrefix("v1,") ? Base64.decode(String(signature.dropFirst(3))) : nil
        }
        return keys.contains { key in
            codes.contains { HMAC<SHA256>.isValidAuthenticationCode($0, authenticating: content, using: key) }
        }
    }

    /// What is signed: the id and the time as they were sent, and the body.
    static func content(id: String, timestamp: String, body: [UInt8]) -> [UInt8] {
        Array("\(id).\(timestamp).".utf8) + body
    }

    /// Whole seconds since 1970 in decimal digits; nil for anything else.
    private static func seconds(of text: String) -> Int64? {
        guard text.utf8.count <= 15, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else {
            return nil
        }
        return Int64(text)
    }

    private static func key(_ secret: String) throws -> SymmetricKey {
        let text = secret.hasPrefix("whsec_") ? String(secret.dropFirst(6)) : secret
        guard let bytes = Base64.decode(text), secretBytes.contains(bytes.count) else {
            throw JobsError(
                .configurationInvalid,
                "a webhook secret must be whsec_ and 24 to 64 bytes in base64"
            )
        }
        return SymmetricKey(data: bytes)
    }
}

extension StandardWebhooksSignature {
    /// The header fields of a request that is to be sent: id, time, and a signature for each secret.
    ///
    /// - Parameters:
    ///   - id: The id of the event, the same on each retry: 1...256 visible ASCII characters other than `.`.
    ///   - now: When it is sent.
    ///   - body: The body, byte for byte.
    /// - Throws: ``JobsError`` with code `configuration_invalid` when there is no secret, or the id is not of this form.
    public func fields(id: String, now: Date, body: [UInt8]) throws -> HTTPFields {
        guard !keys.isEmpty else { throw JobsError(.configurationInvalid, "a webhook has no secret") }
        // With a full stop in it nobody could tell where the id ends in what is signed.
        guard (1...Self.idLengthMax).contains(id.utf8.count),
            id.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ".") })
        else { throw JobsError(.configurationInvalid, "the id of a webhook must be 1 to 256 visible characters but .") }
        let timestamp = String(Int64(now.timeIntervalSince1970.rounded(.down)))
        let content = Self.content(id: id, timestamp: timestamp, body: body)
        let signatures = keys.map { key in
            "v1,\(Base64.encode(Array(HMAC<SHA256>.authenticationCode(for: content, using: key))))"
        }
        return [
            Self.idName: id, Self.timestampName: timestamp, Self.signatureName: signatures.joined(separator: " "),
        ]
    }
}

extension WebhookSignature where Self == StandardWebhooksSignature {
    /// Standard Webhooks with one secret, or several while they are exchanged.
    ///
    /// - Throws: ``JobsError`` with code `configuration_invalid` when a secret is not `whsec_` and 24...64 bytes in base64.
    public static func standardWebhooks(
        _ secrets: String...,
        tolerance: Duration = .seconds(300)
    ) throws -> StandardWebhooksSignature {
        try StandardWebhooksSignature(secrets: secrets, tolerance: tolerance)
    }
}

extension StandardWebhooksSignature: CustomStringConvertible, CustomReflectable {
    /// The name of the type: secrets must not reach a log.
    public var description: String { "StandardWebhooksSignature" }

    /// No children, so that a dump shows no secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
