import Crypto

/// The value of `Upstash-Signature`: a compact JWT, HS256, over the URL, the time and a hash of the body.
///
/// Written by hand, because every attempt makes one and a general JWT library costs ten times as much
/// (docs/WIRE.md, "Signatures").
package enum MessageSignature {
    /// Seconds from issue to expiry.
    package static let lifetimeSeconds: Int64 = 300

    /// `{"alg":"HS256","typ":"JWT"}` in base64url.
    static let header = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"

    static let issuer = "Upstash"

    /// The `body` claim: base64url of the SHA-256 of the raw bytes, padded.
    ///
    /// It is the same for every attempt and can be kept.
    package static func bodyHash(_ body: [UInt8]) -> String {
        body.withUnsafeBytes { bodyHash($0) }
    }

    /// The `body` claim of bytes in memory that belongs to somebody else.
    package static func bodyHash(_ body: UnsafeRawBufferPointer) -> String {
        var hasher = SHA256()
        hasher.update(bufferPointer: body)
        return hasher.finalize().withUnsafeBytes { Base64Codec.encode($0, .url, isPadded: true) }
    }

    /// Signs a body.
    ///
    /// - Parameters:
    ///   - url: the destination exactly as called.
    ///   - issuedAtSeconds: now, in Unix seconds; never ahead of time, because some verifiers refuse that.
    ///   - tokenID: the `jti` claim, `jwt_` and something random.
    package static func sign(
        body: [UInt8],
        url: String,
        issuedAtSeconds: Int64,
        tokenID: String,
        key: SigningKey
    ) -> String {
        sign(bodyHash: bodyHash(body), url: url, issuedAtSeconds: issuedAtSeconds, tokenID: tokenID, key: key)
    }

    /// Signs a body of which ``bodyHash(_:)-([UInt8])`` is known.
    package static func sign(
        bodyHash: String,
        url: String,
        issuedAtSeconds: Int64,
        tokenID: String,
        key: SigningKey
    ) -> String {
        var payload = JSONWriter(capacity: 192 + url.utf8.count)
        payload.beginObject()
        payload.field("iss", issuer)
        payload.field("sub", url)
        payload.field("exp", issuedAtSeconds + lifetimeSeconds)
        // 0 rather than the time of issue: receivers' clocks differ from ours.
        payload.field("nbf", 0)
        payload.field("iat", issuedAtSeconds)
        payload.field("jti", tokenID)
        payload.field("body", bodyHash)
        payload.endObject()

        var token: [UInt8] = []
        token.reserveCapacity(96 + payload.bytes.count * 4 / 3)
        token.append(contentsOf: header.utf8)
        token.append(UInt8(ascii: "."))
        payload.bytes.withUnsafeBytes { Base64Codec.append($0, to: &token, .url, isPadded: false) }
        let code = key.code(of: token)
        token.append(UInt8(ascii: "."))
        code.withUnsafeBytes { Base64Codec.append($0, to: &token, .url, isPadded: false) }
        return String(decoding: token, as: UTF8.self)
    }
}
