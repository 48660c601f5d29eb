import Crypto
import QStashWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SharedSecretIdentity {
    /// A token that this identity accepts, for tests and command lines.
    ///
    /// Signed with the first secret; issuer, audience and operator claim are those that are checked.
    ///
    /// - Parameters:
    ///   - identity: Whose token; its user id has 1...255 bytes.
    ///   - validFor: How long the token holds from now on.
    /// - Throws: ``JobsError`` with code `configuration_invalid` when the user id is empty or too long, or an operator is asked for and
    ///   no claim makes one.
    public func token(for identity: Identity, validFor: Duration = .seconds(3_600)) throws -> String {
        guard (1...Self.userIDBytesMax).contains(identity.userID.utf8.count) else {
            throw JobsError(.configurationInvalid, "a user id must have 1 to \(Self.userIDBytesMax) bytes")
        }
        var claims: [String: JSONValue] = ["sub": .string(identity.userID)]
        if identity.isOperator {
            guard let operatorClaim else {
                throw JobsError(.configurationInvalid, "no claim is configured that makes an operator")
            }
            claims[operatorClaim.name] = .string(operatorClaim.value)
        }
        if let issuer { claims["iss"] = .string(issuer) }
        if let audience { claims["aud"] = .string(audience) }
        let issuedAt = clock.now.timeIntervalSince1970.rounded(.down)
        claims["iat"] = .integer(Int64(issuedAt))
        claims["exp"] = .integer(Int64(issuedAt + (validFor / .seconds(1)).rounded(.up)))
        return signed(.object(claims))
    }

    /// The token of claims, signed with the first secret.
    func signed(_ claims: JSONValue, header: String = Self.header) -> String {
        let content = "\(header).\(Base64URL.encode(claims.bytes))"
        let code = HMAC<SHA256>.authenticationCode(for: Array(content.utf8), using: keys[0])
        return "\(content).\(Base64URL.encode(Array(code)))"
    }
}
