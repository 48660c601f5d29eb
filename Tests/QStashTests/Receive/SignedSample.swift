import Crypto
import QStash
import QStashWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The test vector of the protocol (wire reference, section 29), and tokens that differ from it in one respect.
enum SignedSample {
    static let token =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJVcHN0YXNoIiwic3ViIjoiaHR0cHM6Ly9leGFtcGxlLnRlc3QvaG9vaz94PTEiLCJleHAiOjE3MDAwMDAzMDAsIm5iZiI6MCwiaWF0IjoxNzAwMDAwMDAwLCJqdGkiOiJqd3RfdmVjdG9yMSIsImJvZHkiOiJrNkk1Y2FrVTVlckw4S2pTVVZUTm93bkR3Y2N2dTVrVTFIeGc4OHRvRllnPSJ9.Npw56Y28mE-nHPCEcIj4Nvvoayi4UpNi0PIqqlBeZi0"
    static let url = "https://example.test/hook?x=1"
    static let text = #"{"hello":"world"}"#
    static let body = Array(text.utf8)
    static let paddedHash = "k6I5cakU5erL8KjSUVTNownDwccvu5kU1Hxg88toFYg="

    static let currentKey = "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r"
    static let nextKey = "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs"

    /// A clock that stands still.
    static func frozen(at seconds: Double) -> @Sendable () -> Date {
        { Date(timeIntervalSince1970: seconds) }
    }

    /// A receiver with the vector's keys, 100 seconds after the vector was signed.
    static func receiver(
        current: String = currentKey,
        next: String = nextKey,
        tolerance: Duration = .zero,
        at seconds: Double = 1_700_000_100
    ) throws -> QStashReceiver {
        try QStashReceiver(
            currentSigningKey: current,
            nextSigningKey: next,
            clockTolerance: tolerance,
            now: frozen(at: seconds)
        )
    }

    /// A token of any header and payload, with a right signature.
    static func token(
        header: String = #"{"alg":"HS256","typ":"JWT"}"#,
        payload: String = payload(),
        key: String = currentKey
    ) -> String {
        let signed = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(payload.utf8))
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(signed.utf8),
            using: SymmetricKey(data: Array(key.utf8))
        )
        return signed + "." + Base64URL.encode(Array(code))
    }

    /// The vector's payload with some claims replaced, or left out where the replacement is nil.
    static func payload(_ changes: [String: String?] = [:]) -> String {
        let claims = [
            ("iss", #""Upstash""#), ("sub", "\"\(url)\""), ("exp", "1700000300"), ("nbf", "0"), ("iat", "1700000000"),
            ("jti", #""jwt_vector1""#), ("body", "\"\(paddedHash)\""),
        ]
        let members = claims.compactMap { name, value in
            guard let change = changes[name] else { return #""\#(name)":\#(value)"# }
            return change.map { #""\#(name)":\#($0)"# }
        }
        return "{" + members.joined(separator: ",") + "}"
    }
}
