import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Turns ids into hashes that nobody without the secret can trace back: ids of users and sessions are told in no other form.
struct TelemetryHash: Sendable {
    private let key: SymmetricKey?

    /// - Parameter secret: Nil or empty for none: then there are no hashes, and what would carry one is left out.
    init(secret: String?) {
        key = secret.flatMap { $0.isEmpty ? nil : SymmetricKey(data: Array($0.utf8)) }
    }

    /// HMAC-SHA-256 of an id in hexadecimal digits; nil without a secret.
    func hash(_ id: String) -> String? {
        guard let key else { return nil }
        return HMAC<SHA256>.authenticationCode(for: Array(id.utf8), using: key).hexadecimal
    }
}

extension Sequence<UInt8> {
    /// The bytes in hexadecimal digits, in lower case.
    var hexadecimal: String {
        let digits: StaticString = "0123456789abcdef"
        var text: [UInt8] = []
        text.reserveCapacity(underestimatedCount * 2)
        for byte in self {
            text.append(digits.utf8Start[Int(byte >> 4)])
            text.append(digits.utf8Start[Int(byte & 0x0F)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
