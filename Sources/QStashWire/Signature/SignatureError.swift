/// A signature that does not prove what it should.
///
/// It says which check failed and repeats nothing of the token, the body or the URL.
package struct SignatureError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The check that failed.
    package let code: Code

    /// A failure of the given check.
    package init(_ code: Code) {
        self.code = code
    }

    /// The name of the check that failed.
    package var description: String { "signature refused: \(code)" }
}

extension SignatureError {
    /// A stable name of a check, in snake case.
    package struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The name itself.
        package let rawValue: String

        /// A code of the given name.
        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        private init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        /// The name itself.
        package var description: String { rawValue }

        /// The token names another algorithm than HS256.
        package static let algorithmUnsupported = Code("algorithm_unsupported")
        /// The body is not the one that was signed.
        package static let bodyMismatch = Code("body_mismatch")
        /// A claim that must be there is missing or of the wrong type.
        package static let claimInvalid = Code("claim_invalid")
        /// The token is past its time.
        package static let expired = Code("expired")
        /// The token was not issued by `Upstash`.
        package static let issuerInvalid = Code("issuer_invalid")
        /// The token's time has not come.
        package static let notYetValid = Code("not_yet_valid")
        /// None of the keys made the signature.
        package static let signatureMismatch = Code("signature_mismatch")
        /// The text is not a compact JWT, or is too long.
        package static let tokenMalformed = Code("token_malformed")
        /// There is no token.
        package static let tokenMissing = Code("token_missing")
        /// The token was made for another URL.
        package static let urlMismatch = Code("url_mismatch")
    }
}
