import Crypto
import HTTPTypes
import QStashWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Users by bearer tokens: JWTs signed with a secret that this server and who issues them share (HS256).
///
/// ```swift
/// let identity = try SharedSecretIdentity(secrets: [secret], clock: clock, issuer: "https://login.example.com")
/// ```
///
/// Only HS256 is accepted, whatever the token says of itself, so that no token chooses a weaker check. A token has `sub`, the user, and `exp`; `nbf` counts
/// when it is there. Clocks may differ by 30 s.
public struct SharedSecretIdentity: IdentityProvider {
    /// A claim that makes a user an operator: it is this text, or a list that has it.
    public struct OperatorClaim: Sendable, Hashable {
        /// The name of the claim, for example `role` or `roles`.
        public let name: String
        /// The text, for example `operator`.
        public let value: String

        /// A claim.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The shortest secret, in bytes: as long as the code it makes.
    public static let secretBytesMin = 32
    /// The longest token, in bytes.
    static let tokenBytesMax = 8_192
    /// The longest user id, in bytes.
    static let userIDBytesMax = 255
    /// How far clocks may differ, in seconds.
    static let leewaySeconds = 30.0
    /// The one header that is written.
    static let header = Base64URL.encode(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8))

    let keys: [SymmetricKey]
    let issuer: String?
    let audience: String?
    let operatorClaim: OperatorClaim?
    let clock: any JobClock

    /// Users by the tokens of one issuer.
    ///
    /// - Parameters:
    ///   - secrets: Each at least 32 bytes; several while they are exchanged. Tokens are made with the first.
    ///   - clock: The clock that tokens expire by.
    ///   - issuer: What `iss` must be; nil leaves it unchecked.
    ///   - audience: What `aud` must be or have; nil leaves it unchecked.
    ///   - operatorClaim: What makes an operator; nil for no operators.
    /// - Throws: ``JobsError`` with code `configuration_invalid` when there is no secret, or one is too short.
    public init(
        secrets: [String],
        clock: any JobClock,
        issuer: String? = nil,
        audience: String? = nil,
        operatorClaim: OperatorClaim? = nil
    ) throws {
        guard !secrets.isEmpty, secrets.allSatisfy({ $0.utf8.count >= Self.secretBytesMin }) else {
            throw JobsError(
                .configurationInvalid,
                "the secret of user tokens must have at least \(Self.secretBytesMin) bytes"
            )
        }
        keys = secrets.map { SymmetricKey(data: Array($0.utf8)) }
        self.clock = clock
        self.issuer = issuer
        self.audience = audience
        self.operatorClaim = operatorClaim
    }

    /// The user of the token in `Authorization: Bearer …`; nil when there is none, or it does not hold.
    public func identity(of request: JobRequest) -> Identity? {
        guard let token = Self.token(in: request.head.headerFields) else { return nil }
        return identity(token: token, now: clock.now)
    }

    /// The token of a request that has one such field.
    private static func token(in fields: HTTPFields) -> String? {
        let values = fields[values: .authorization]
        guard values.count == 1, let value = values.first, value.utf8.count <= tokenBytesMax + 16 else { return nil }
        let parts = value.split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }

    func identity(token: String, now: Date) -> Identity? {
        guard token.utf8.count <= Self.tokenBytesMax, let claims = verifiedClaims(token) else { return nil }
        let seconds = now.timeIntervalSince1970
        guard let expiry = Self.seconds(claims["exp"]), seconds < expiry + Self.leewaySeconds else { return nil }
        if let notBefore = claims["nbf"] {
            guard let begin = Self.seconds(notBefore), seconds >= begin - Self.leewaySeconds else { return nil }
        }
        if let issuer, claims["iss"]?.string != issuer { return nil }
        if let audience, !Self.has(claims["aud"], audience) { return nil }
        guard let userID = claims["sub"]?.string, (1...Self.userIDBytesMax).contains(userID.utf8.count) else {
            return nil
        }
        let isOperator = operatorClaim.map { Self.has(claims[$0.name], $0.value) } ?? false
        return Identity(userID: userID, isOperator: isOperator)
    }

    /// The claims of a token whose signature is that of one of the secrets; nothing of it is parsed before.
    private func verifiedClaims(_ token: String) -> [String: JSONValue]? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let code = Base64URL.decode(String(parts[2])) else { return nil }
        let signed = Array(token.utf8.prefix(parts[0].utf8.count + 1 + parts[1].utf8.count))
        guard keys.contains(where: { HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: $0) })
        else { return nil }
        guard let header = Self.object(parts[0]), header["alg"]?.string == "HS256",
            // An extension that must be understood is one that is not.
            header["crit"] == nil
        else { return nil }
        return Self.object(parts[1])
    }

    private static func object(_ part: Substring) -> [String: JSONValue]? {
        Base64URL.decode(String(part)).flatMap { JSONValue.parse($0)?.object }
    }

    private static func seconds(_ claim: JSONValue?) -> Double? {
        switch claim {
        case .integer(let seconds): Double(seconds)
        case .number(let seconds): seconds
        default: nil
        }
    }

    /// Whether a claim is a text, or a list that has it.
    private static func has(_ claim: JSONValue?, _ text: String) -> Bool {
        claim?.string == text || claim?.array?.contains(.string(text)) ?? false
    }
}

extension SharedSecretIdentity: CustomStringConvertible, CustomReflectable {
    /// The name of the type: secrets must not reach a log.
    public var description: String { "SharedSecretIdentity" }

    /// No children, so that a dump shows no secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
