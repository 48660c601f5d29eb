import Crypto
import HTTPTypes

/// HMAC-SHA256 over the raw body, as hexadecimal digits in `X-Signature-HMAC`: what databases send (application reference, 4.1).
///
/// The key is the UTF-8 form of the secret. There is no time in this signature: who records a request can repeat it, and only the
/// reservation of its event keeps it from being handled twice.
public struct HMACSignature: WebhookSignature {
    /// The shortest secret, in characters.
    public static let secretLengthMin = 32

    private static let fieldName = HTTPField.Name.known("X-Signature-HMAC")

    /// Nil when the secret is missing or too short.
    private let key: SymmetricKey?

    /// A signature with a secret that both sides know.
    ///
    /// - Parameter secret: At least 32 characters. Without one, or with a shorter one, every request is answered 503: a hook that is not
    ///   set up must neither pass requests nor let the sender believe that they are lost.
    public init(secret: String?) {
        key = secret.flatMap { $0.count < Self.secretLengthMin ? nil : SymmetricKey(data: Array($0.utf8)) }
    }

    /// Checks a request; `signature_missing` or `signature_mismatch` when it is refused.
    ///
    /// - Throws: ``JobsError`` with code `configuration_invalid` when there is no usable secret.
    public func verify(_ request: SignedRequest) throws -> SignatureVerdict {
        let key = try usableKey()
        guard let text = request.field(Self.fieldName) else { return .refused(reason: "signature_missing") }
        guard let code = Hexadecimal.bytes(of: text),
            HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: request.body, using: key)
        else { return .refused(reason: "signature_mismatch") }
        return .valid(deliveryID: nil)
    }

    /// The signature of a body in lower-case digits, as a sender computes it.
    ///
    /// - Throws: ``JobsError`` with code `configuration_invalid` when there is no usable secret.
    public func sign(_ body: [UInt8]) throws -> String {
        HMAC<SHA256>.authenticationCode(for: body, using: try usableKey()).hexadecimal
    }

    private func usableKey() throws -> SymmetricKey {
        guard let key else {
            throw JobsError(
                .configurationInvalid,
                "the secret of a webhook is missing or has fewer than \(Self.secretLengthMin) characters"
            )
        }
        return key
    }
}

extension WebhookSignature where Self == HMACSignature {
    /// HMAC-SHA256 over the raw body in `X-Signature-HMAC`.
    ///
    /// - Parameter secret: At least 32 characters; with nil or a shorter one every request is answered 503.
    public static func hmac(_ secret: String?) -> HMACSignature { HMACSignature(secret: secret) }
}

extension HMACSignature: CustomStringConvertible, CustomReflectable {
    /// The name of the type: secrets must not reach a log.
    public var description: String { "HMACSignature" }

    /// No children, so that a dump shows no secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
