/// What a verified signature says.
package struct SignatureClaims: Hashable, Sendable {
    /// Who issued the token.
    package let issuer: String

    /// The URL that the message was sent to.
    package let subject: String

    /// The end of validity in Unix seconds.
    package let expiresAtSeconds: Double

    /// The beginning of validity in Unix seconds; 0 from current servers.
    package let notBeforeSeconds: Double

    /// When the token was issued, in Unix seconds, if it says so.
    package let issuedAtSeconds: Double?

    /// The id of the token, different for every attempt, if it has one.
    package let tokenID: String?

    /// The hash of the body as the token has it, padded or not.
    let bodyHash: String

    /// Which of the keys that were tried made the signature; 0 for the first, the current one.
    package let keyIndex: Int

    /// Reads the claims of a payload; issuer, subject, body, expiry and beginning must be there.
    init(payload: [UInt8], keyIndex: Int) throws(SignatureError) {
        var reader = ClaimReader(payload)
        guard let members = reader.readObject() else { throw SignatureError(.tokenMalformed) }
        guard
            case .string(let issuer) = members["iss"], case .string(let subject) = members["sub"],
            case .string(let bodyHash) = members["body"],
            case .number(let expiresAt) = members["exp"], case .number(let notBefore) = members["nbf"]
        else { throw SignatureError(.claimInvalid) }
        self.keyIndex = keyIndex
        self.issuer = issuer
        self.subject = subject
        self.bodyHash = bodyHash
        expiresAtSeconds = expiresAt
        notBeforeSeconds = notBefore
        issuedAtSeconds = if case .number(let issuedAt) = members["iat"] { issuedAt } else { nil }
        tokenID = if case .string(let tokenID) = members["jti"] { tokenID } else { nil }
    }
}
