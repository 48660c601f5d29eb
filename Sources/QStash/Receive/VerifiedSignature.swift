import QStashWire

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What a signature says that was verified.
public struct VerifiedSignature: Sendable, Hashable {
    /// Which key of the pair made a signature.
    public enum Key: Sendable, Hashable {
        /// The current one.
        case current
        /// The next one: the server's keys were rotated, and this receiver's should be.
        case next
    }

    /// The URL that the message was sent to, as the server called it.
    public let url: String

    /// When the token was made; nil when it does not say so.
    public let issuedAt: Date?

    /// From when on the token is worthless.
    public let expiresAt: Date

    /// The id of the token, different for every attempt of a message; nil when it has none.
    ///
    /// The id of the message, which all attempts share, is in the header `Upstash-Message-Id`.
    public let tokenID: String?

    /// The key that made the signature.
    public let key: Key

    init(_ claims: SignatureClaims) {
        url = claims.subject
        issuedAt = claims.issuedAtSeconds.map { Date(timeIntervalSince1970: $0) }
        expiresAt = Date(timeIntervalSince1970: claims.expiresAtSeconds)
        tokenID = claims.tokenID
        key = claims.keyIndex == 0 ? .current : .next
    }
}
