import QStashWire

/// A request that does not prove where it comes from.
///
/// It says which check failed and repeats nothing of the token, the body, the URL or the keys. Answer 401 without telling the caller why.
public struct SignatureVerificationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The check that failed, stable across releases.
    public let code: Code

    /// A failure of the given check.
    public init(_ code: Code) {
        self.code = code
    }

    init(_ error: SignatureError) {
        self.init(Code(wire: error.code))
    }

    /// The name of the check that failed.
    public var description: String { "signature refused: \(code)" }
}

extension SignatureVerificationError {
    /// A check: a stable name that programs may compare and log.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Name: String {
            case tokenMissing = "token_missing"
            case keysMissing = "keys_missing"
            case tokenMalformed = "token_malformed"
            case algorithmUnsupported = "algorithm_unsupported"
            case signatureMismatch = "signature_mismatch"
            case claimInvalid = "claim_invalid"
            case issuerInvalid = "issuer_invalid"
            case expired
            case notYetValid = "not_yet_valid"
            case urlMismatch = "url_mismatch"
            case bodyMismatch = "body_mismatch"
        }

        private let name: Name

        private init(_ name: Name) {
            self.name = name
        }

        /// The check of the wire's code, which has the same name.
        init(wire code: SignatureError.Code) {
            self.init(Name(rawValue: code.rawValue) ?? .tokenMalformed)
        }

        /// The name as it is logged.
        public var description: String { name.rawValue }

        /// The request has no signature, or an empty one.
        public static let tokenMissing = Code(.tokenMissing)
        /// The receiver has pairs of regions only, and none for the region that the request names.
        public static let keysMissing = Code(.keysMissing)
        /// The text is not a compact JWT of at most 64 KiB.
        public static let tokenMalformed = Code(.tokenMalformed)
        /// The token names another algorithm than HS256, or an extension.
        public static let algorithmUnsupported = Code(.algorithmUnsupported)
        /// Neither key made the signature.
        public static let signatureMismatch = Code(.signatureMismatch)
        /// A claim that must be there is missing or of the wrong type.
        public static let claimInvalid = Code(.claimInvalid)
        /// The token was not issued by `Upstash`.
        public static let issuerInvalid = Code(.issuerInvalid)
        /// The token is past its time.
        public static let expired = Code(.expired)
        /// The token's time has not come.
        public static let notYetValid = Code(.notYetValid)
        /// The token was made for another URL.
        public static let urlMismatch = Code(.urlMismatch)
        /// The body is not the one that was signed.
        public static let bodyMismatch = Code(.bodyMismatch)
    }
}
