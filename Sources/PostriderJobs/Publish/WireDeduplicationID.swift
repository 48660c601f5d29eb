import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The form of a deduplication id on the wire.
enum WireDeduplicationID {
    /// The longest id that travels as it is, in bytes.
    static let bytesMax = 128

    /// A logical id such as `notify:42` as it travels: `notify.42`.
    ///
    /// The wire refuses `:` (docs/WIRE.md). An id longer than 128 characters is its first 64 in that form, `.`, and 32 hexadecimal digits of the
    /// SHA-256 of the whole logical id, so that long ids with the same beginning differ.
    static func text(_ logical: String) -> String {
        let wire = logical.split(separator: ":", omittingEmptySubsequences: false).joined(separator: ".")
        guard wire.count > bytesMax else { return wire }
        let digest = SHA256.hash(data: Array(logical.utf8)).prefix(16).hexadecimal
        return "\(wire.prefix(64)).\(digest)"
    }
}
